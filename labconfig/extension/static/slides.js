/* Trình chiếu bằng jupyterlab-slideshow, thêm năm điều mà một lớp học cần:
 *
 * 1. Một lần bấm là một lần màn hình đổi: các ô đã hiện rồi thì không dừng lại ở từng ô.
 * 2. Bút trình chiếu (PageDown, PageUp) lật slide; đang ở trên một thanh trượt (đến bằng phím Tab) thì kéo thanh ấy từng
 *    nấc, hết thanh thì lật slide. Nhả chuột khỏi thanh trượt, hay bấm Esc, là tay trở về với các slide.
 * 3. Chữ to theo màn hình: slides.css.
 * 4. Kernel được báo khung hình, để vẽ lại mọi hình cho nét (mlcourse.interactive.projector); slide nào còn tràn thì hình
 *    nhường chỗ cho chữ.
 * 5. `make present` mở bài ra là chạy mọi ô, nên hình sống ngay từ slide đầu.
 */
export function activate(app) {
  document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: new URL('slides.css', import.meta.url)}));

  const presenting = () => document.body.dataset.jpDeckMode === 'presenting';
  const notebook = () => (app.shell.currentWidget?.sessionContext ? app.shell.currentWidget : null);

  // --- Lật slide, kéo thanh trượt ---

  /** Các ô mà tới đó màn hình đổi: mở một slide, hay hiện thêm một phần. Lệnh lùi của slideshow lạc khi mục trước có slide
   *  con, nên ở đây đi thẳng đến ô ấy. */
  function turn(step) {
    const {content} = notebook(), at = content.activeCellIndex;
    const stops = content.widgets.flatMap((cell, i) => (/slide|fragment/.test(cell.model.getMetadata('slideshow')?.slide_type) ? [i] : []));
    const here = stops.findLastIndex((i) => i <= at), to = stops[Math.max(here, 0) + step];
    if (to !== undefined) content.activeCellIndex = to;
    yieldRoom();
  }
  const forward = () => turn(1), back = () => turn(-1);

  /** Kéo một nấc; đã ở đầu thanh thì trả về false. */
  function nudge(handle, up) {
    const [now, end] = ['aria-valuenow', up ? 'aria-valuemax' : 'aria-valuemin'].map((name) => +handle.getAttribute(name));
    if (now === end) return false;
    return !handle.dispatchEvent(new KeyboardEvent('keydown', {key: up ? 'ArrowRight' : 'ArrowLeft', bubbles: true, cancelable: true}));
  }

  const home = () => notebook().content.activeCell?.node.focus({preventScroll: true});
  const typing = 'input:not([type=checkbox]), textarea, select, [contenteditable=true], .jp-Dialog, .lm-Menu';

  function pressed(event) {
    if (!presenting() || !notebook() || event.ctrlKey || event.altKey || event.metaKey || !event.isTrusted) return;
    const target = event.target, handle = target.closest('.noUi-handle'), key = event.key === ' ' && event.shiftKey ? 'Shift ' : event.key;
    if (target.closest(typing)) return;
    if (handle && key.startsWith('Arrow')) return;
    if (key === 'Escape' && target.closest('.widget-box, summary')) return home(), done(event);
    if (key.endsWith(' ') && target.closest('button, input, summary, a')) return;
    const up = {PageDown: true, PageUp: false}[key];
    if (handle && up !== undefined && nudge(handle, up)) return done(event);
    const go = {PageDown: forward, ArrowRight: forward, ' ': forward, PageUp: back, ArrowLeft: back, 'Shift ': back}[key];
    if (go) done(event), go();
  }
  const done = (event) => { event.preventDefault(); event.stopPropagation(); };
  window.addEventListener('keydown', pressed, true);
  window.addEventListener('pointerup', (event) => { if (presenting() && event.target.closest('.noUi-target')) setTimeout(home); }, true);

  // --- Hình vừa màn hình ---

  /** Slide cao hơn màn hình thì các hình của slide thấp bớt đi, cho vừa. */
  function yieldRoom() {
    const cells = [...document.querySelectorAll('.jp-deck-mod-onscreen')];
    const images = cells.flatMap((cell) => [...cell.querySelectorAll('.jp-OutputArea-output img')]);
    images.forEach((image) => { image.style.maxHeight = ''; });
    const excess = (document.querySelector('.jp-Deck .jp-WindowedPanel-outer')?.scrollHeight ?? 0) - innerHeight;
    if (excess > 0) images.forEach((image) => { image.style.maxHeight = `${image.offsetHeight - excess / images.length}px`; });
  }

  /** Chạy một dòng trong kernel mà không để lại dấu vết; trả về giá trị của `what`. */
  async function ask(session, code, what = 'None') {
    const future = session.session?.kernel?.requestExecute({code, silent: true, store_history: false, user_expressions: {what}});
    return (await future?.done)?.content.user_expressions?.what?.data?.['text/plain'];
  }

  /** Khung của một hình: bề rộng của slide, và chiều cao còn lại sau hai hàng điều khiển và hai dòng kể. */
  const frame = () => `(${Math.round(0.955 * innerWidth)}, ${Math.round(0.8 * innerHeight)})`;

  function fit() {
    const session = notebook()?.sessionContext;
    if (presenting()) yieldRoom();
    if (session) return ask(session, `try:\n    __import__('mlcourse.interactive').interactive.projector(${presenting() ? frame() : null})\nexcept ImportError:\n    pass`);
  }

  let later;
  const soon = () => { clearTimeout(later); later = setTimeout(fit, 300); };
  window.addEventListener('resize', () => presenting() && soon());
  new MutationObserver(soon).observe(document.body, {attributeFilter: ['data-jp-deck-mode']});

  const watched = new WeakSet();
  app.shell.currentChanged?.connect(async () => {
    const session = notebook()?.sessionContext;
    if (!session || watched.has(session)) return;
    watched.add(session);
    session.statusChanged.connect((_, status) => { if (/starting/.test(status) && presenting()) soon(); });
    await session.ready;
    if (!presenting()) return;
    await fit();
    if ((await ask(session, '', "'mlcourse' in globals()")) === 'False') {  // kernel còn mới: chạy cả bài
      const done = app.commands.execute('notebook:run-all-cells');  // đưa con trỏ xuống ô cuối ngay khi bắt đầu
      notebook().content.activeCellIndex = 0;
      await done;
    }
  });
}
