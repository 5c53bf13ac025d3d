/* Phần của khóa học trong JupyterLab: slides.js (và speaker.js) trình chiếu, names.js đặt tên cho điều khiển và hình,
 * words.js nói tiếng Việt ở những chỗ bảng dịch không với tới.
 *
 * Viết tay, đúng hình dạng mà JupyterLab chờ ở một "prebuilt extension"; không có bước biên dịch nào.
 */
(() => {
  const here = document.currentScript.src;
  import(new URL('slides.js', here)).then((slides) => slides.early());
  let shared;  // những module mà JupyterLab dùng chung với các tiện ích
  const plugin = (name) => ({
    id: `mlcourse-lab:${name}`,
    autoStart: true,
    activate: async (app) => (await import(new URL(`${name}.js`, here))).activate(app, shared),
  });
  (window._JUPYTERLAB ??= {})['mlcourse-lab'] = {
    init(scope) { shared = scope; },
    get: async () => () => ({__esModule: true, default: [plugin('slides'), plugin('names'), plugin('words')]}),
  };
})();
