/* Việc chung của mọi trang: nền sáng hay tối, mục lục của bài, và những hộp phải cuộn ngang. */

// --- Nền: theo máy, trừ khi người đọc đã chọn. Chạy ngay khi đọc đến, trước khi trang hiện ra. ---

const machine = matchMedia('(prefers-color-scheme: dark)');

/** Đọc hay ghi lựa chọn; nơi không cho nhớ (cửa sổ riêng tư, trang mở từ ổ đĩa) thì chỉ là quên, không phải lỗi. */
function remembered(theme) {
  try {
    if (theme) localStorage.setItem('mlcourse-theme', theme);
    return localStorage.getItem('mlcourse-theme');
  } catch {
    return theme;
  }
}

let chosen = remembered();
const theme = () => chosen ?? (machine.matches ? 'dark' : 'light');

function paint() {
  document.documentElement.dataset.theme = theme();
  const button = document.querySelector('.theme');
  if (button) button.textContent = theme() === 'dark' ? 'Nền sáng' : 'Nền tối';
}

paint();
machine.addEventListener('change', paint);

// --- Phần còn lại đợi trang đọc xong ---

addEventListener('DOMContentLoaded', () => {
  const button = document.querySelector('.theme');
  button.hidden = false;
  button.addEventListener('click', () => {
    chosen = theme() === 'dark' ? 'light' : 'dark';
    remembered(chosen);
    paint();
  });
  paint();

  // Mục lục: cột bên ở màn hình rộng, gập lại trên điện thoại
  const list = document.querySelector('.contents details'), wide = matchMedia('(min-width: 70rem)');
  const unfold = () => { if (list) list.open = wide.matches; };
  unfold();
  wide.addEventListener('change', unfold);
  list?.addEventListener('click', (event) => { if (event.target.closest('a')) unfold(); });

  // Hình bị thu nhỏ cho vừa trang: chạm vào thì phóng to đúng cỡ vẽ, cuộn trong khung của mình; chạm lần nữa thì thôi
  for (const picture of document.querySelectorAll('.picture')) {
    picture.addEventListener('click', () => {
      const {naturalWidth, clientWidth} = picture.firstElementChild;
      picture.classList.toggle('large', naturalWidth > clientWidth);
      mark();
    });
  }

  // Code, bảng, công thức rộng hơn trang thì cuộn trong hộp của mình; phím Tab đến được hộp ấy
  let waiting = false;
  function mark() {
    waiting = false;
    for (const box of document.querySelectorAll('pre, .table, .picture, .MathJax_Display, .MathJax.wide')) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute('tabindex');
    }
    for (const formula of document.querySelectorAll('p > .MathJax, li > .MathJax')) {
      formula.classList.toggle('wide', formula.scrollWidth > formula.parentElement.clientWidth);
    }
  }
  new ResizeObserver(() => {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  }).observe(document.querySelector('main'));
});
