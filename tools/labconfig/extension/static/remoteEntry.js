/* Phần của khóa học trong JupyterLab: slides.js (và speaker.js) trình chiếu, names.js đặt tên cho điều khiển và hình.
 *
 * Viết tay, đúng hình dạng mà JupyterLab chờ ở một "prebuilt extension"; không có bước biên dịch nào.
 */
(() => {
  const here = document.currentScript.src;
  import(new URL('slides.js', here)).then((slides) => slides.early());
  const plugin = (name) => ({
    id: `mlcourse-lab:${name}`,
    autoStart: true,
    activate: async (app) => (await import(new URL(`${name}.js`, here))).activate(app),
  });
  (window._JUPYTERLAB ??= {})['mlcourse-lab'] = {
    init() {},
    get: async () => () => ({__esModule: true, default: [plugin('slides'), plugin('names')]}),
  };
})();
