/* Việc chung của mọi trang: nền sáng hay tối, mục lục và chỗ đang đọc, chép code, in, và những hộp phải cuộn ngang. */

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

  // Đề mục nào cũng có liên kết đến chính nó; dấu # do CSS vẽ, để tìm chữ và chép chữ không vướng
  const headings = [...document.querySelectorAll('article :is(h2, h3, h4)[id]')];
  for (const heading of headings) {
    const link = Object.assign(document.createElement('a'), {className: 'here', href: `#${heading.id}`});
    link.ariaLabel = `Liên kết đến mục ${heading.textContent}`;
    heading.append(link);
  }

  // Đã đọc đến đâu: vạch dưới thanh trên cùng, và mục đang đọc trong mục lục
  const bar = document.querySelector('.bar'), links = new Map();
  for (const link of list?.querySelectorAll('a') ?? []) links.set(link.getAttribute('href').slice(1), link);
  let here = null, reading = false;
  function follow() {
    reading = false;
    const {scrollHeight, clientHeight} = document.documentElement;
    bar.style.setProperty('--read', Math.min(1, scrollY / Math.max(1, scrollHeight - clientHeight)));
    const now = headings.findLast((heading) => heading.getBoundingClientRect().top < bar.offsetHeight + 60);
    const link = links.get(now?.id);
    if (link === here) return;
    here?.removeAttribute('aria-current');
    link?.setAttribute('aria-current', 'location');
    here = link;
    if (link && wide.matches) list.scrollTop = link.offsetTop - list.clientHeight / 3;
  }
  addEventListener('scroll', () => {
    if (!reading) requestAnimationFrame(follow);
    reading = true;
  }, {passive: true});
  follow();

  // Mở ở một mục: công thức, phông, hình dựng xong làm trang dài ngắn lại, thì về đúng mục ấy, cho đến khi người đọc tự cuộn
  const target = document.getElementById(location.hash.slice(1));
  if (target) {
    const settled = new ResizeObserver(() => target.scrollIntoView());
    settled.observe(target.closest('article') ?? document.body);
    for (const touch of ['wheel', 'touchstart', 'pointerdown', 'keydown']) addEventListener(touch, () => settled.disconnect(), {once: true, passive: true});
  }

  // Chép code. Nơi không cho ghi vào bộ nhớ tạm thì chép theo lối cũ: bôi đen rồi ra lệnh chép
  async function copy(code) {
    try {
      await navigator.clipboard.writeText(code.textContent.trimEnd());
    } catch {
      getSelection().selectAllChildren(code);
      document.execCommand('copy');
      getSelection().removeAllRanges();
    }
  }
  for (const code of document.querySelectorAll('article :is(.highlight > pre, pre:has(> code))')) {
    const button = Object.assign(document.createElement('button'), {type: 'button', className: 'copy', textContent: 'Chép'});
    button.ariaLabel = 'Chép đoạn code này';
    button.addEventListener('click', async () => {
      await copy(code);
      button.textContent = button.ariaLabel = 'Đã chép';
      setTimeout(() => { button.textContent = 'Chép'; button.ariaLabel = 'Chép đoạn code này'; }, 2000);
    });
    const box = code.parentElement.matches('.highlight') ? code.parentElement : document.createElement('div');
    if (!box.isConnected) code.replaceWith(box), box.append(code);
    box.classList.add('copied');
    box.prepend(button);
  }

  // In: gợi ý, lời giải, phản hồi mở ra cả, in xong thì gập lại
  let unfolded = [];
  addEventListener('beforeprint', () => {
    unfolded = [...document.querySelectorAll('article details:not(.code, [open])')];
    for (const fold of unfolded) fold.open = true;
    for (const picture of document.querySelectorAll('img[loading]')) picture.loading = 'eager';
  });
  addEventListener('afterprint', () => { for (const fold of unfolded) fold.open = false; });

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
