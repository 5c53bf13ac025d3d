/* Tên gọi cho những gì ipywidgets và JupyterLab để trống, để trình đọc màn hình đọc được: tay nắm của thanh trượt, nút chạy,
 * và hình. Lời thay cho hình là câu kể của khóa học: câu dưới hình sống, hay phần text/plain của hình tĩnh. Ở chỗ một kết
 * quả đang gập, JupyterLab viết dòng đầu của chính kết quả ấy, tức là lộ câu trả lời; ở đây thay bằng một lời mời. Lời bàn về
 * kết quả ấy cũng gập (tools/build.py), và mở ra cùng kết quả; khi chiếu thì luôn mở.
 */
const AFTER = 'Đoán rồi, chạy rồi thì mở lời bàn';

export function activate(app) {
  const nameless = '.noUi-handle:not([aria-label]), .widget-play button:not([aria-label]), .jp-RenderedImage img:not([alt]), [role=status], '
    + '.jp-OutputPlaceholder .jp-PlaceholderText';

  function name(node) {
    if (node.matches('.noUi-handle')) {
      node.setAttribute('aria-label', node.closest('.widget-slider').querySelector('.widget-label').textContent);
    } else if (node.matches('button')) {
      const slider = node.closest('.widget-play').nextElementSibling?.querySelector('.widget-label')?.textContent ?? '';
      node.setAttribute('aria-label', `${node.querySelector('.fa-stop') ? 'Dừng, về đầu' : 'Chạy, tạm dừng'}: ${slider}`);
    } else if (node.matches('.jp-PlaceholderText')) {
      node.textContent = 'Kết quả đang gập: hãy đoán, rồi chạy ô này hay bấm vào đây.';
    } else if (node.matches('img')) {
      const words = told(node);
      if (words) node.alt = words;
    } else {  // câu kể vừa đổi: hình sống ngay trên mang lời mới
      const image = node.closest('.widget-vbox')?.querySelector('img.widget-image');
      if (image) image.alt = node.textContent;
    }
  }

  /** Phần text/plain của kết quả chứa bức hình này, ở bất kỳ notebook nào đang mở. */
  function told(image) {
    for (const {content} of app.shell.widgets('main')) {
      const cell = content?.widgets?.find?.((one) => one.node.contains(image)), area = cell?.outputArea;
      if (area) return area.model.get(area.widgets.findIndex((output) => output.node.contains(image)))?.data['text/plain'];
    }
  }

  /** Lời bàn của những kết quả đang mở thì mở theo; không bao giờ khép lại. */
  function comment() {
    for (const {content} of app.shell.widgets('main')) {
      let open = false;
      for (const cell of content?.widgets ?? []) {
        if (cell.model?.type === 'code') open = !cell.outputHidden;
        for (const fold of cell.node.querySelectorAll('.jp-RenderedMarkdown > details')) {
          if (fold.firstElementChild?.textContent !== AFTER) continue;
          fold.classList.add('mlc-after');
          fold.open ||= open || document.body.dataset.mlcourseScreen;
        }
      }
    }
  }

  new MutationObserver((changes) => {
    const moved = (node) => node.matches?.('.jp-OutputPlaceholder, details') || node.querySelector?.('.jp-OutputPlaceholder, .jp-RenderedMarkdown > details');
    if (changes.some(({addedNodes, removedNodes}) => [...addedNodes, ...removedNodes].some(moved))) comment();
    for (const {addedNodes} of changes) {
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches(nameless)) name(node);
        node.querySelectorAll(nameless).forEach(name);
      }
    }
  }).observe(document.body, {childList: true, subtree: true});
  new MutationObserver(comment).observe(document.body, {attributeFilter: ['data-mlcourse-screen']});
}
