/* Trình chiếu bằng jupyterlab-slideshow, thêm sáu điều mà một lớp học cần:
 *
 * 1. Một lần bấm là một lần màn hình đổi: các ô đã hiện rồi thì không dừng lại ở từng ô.
 * 2. Bút trình chiếu (PageDown, PageUp) lật slide; khi đến thanh trượt bằng phím Tab, bút kéo thanh ấy từng nấc, hết thanh
 *    thì lật slide. Kéo bằng chuột xong, mũi tên chỉnh tiếp thanh ấy, còn bút lật slide. Esc rời điều khiển.
 * 3. Chữ to theo màn hình: slides.css.
 * 4. Kernel được báo khung hình, để vẽ lại mọi hình cho nét (mlcourse.interactive.projector); vẽ xong thì trang ghi cỡ màn
 *    hình vào body[data-mlcourse-screen]. Slide nào còn tràn thì hình nhường chỗ cho chữ.
 * 5. `make present` mở bài ra là chạy mọi ô, nên hình sống ngay từ slide đầu.
 * 6. Kết quả còn gập trong notebook thì lên slide là mở.
 */
export function activate(app) {
  document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: new URL('slides.css', import.meta.url)}));

  const presenting = () => document.body.dataset.jpDeckMode === 'presenting';
  const notebook = () => (app.shell.currentWidget?.sessionContext ? app.shell.currentWidget : null);

  // --- Lật slide, kéo thanh trượt ---

  /** Đi tới hay lùi đến ô mà ở đó màn hình đổi: mở một slide, hay hiện thêm một phần; hết bài thì trả về false. Lệnh lùi của
   *  slideshow lạc khi mục trước có slide con, nên ở đây đi thẳng đến ô ấy. */
  function turn(step) {
    const {content} = notebook(), at = content.activeCellIndex;
    const opens = (cell, i) => i === 0 || /slide|fragment/.test(cell.model.getMetadata('slideshow')?.slide_type);
    const stops = content.widgets.flatMap((cell, i) => (opens(cell, i) ? [i] : []));
    const to = stops[stops.findLastIndex((i) => i <= at) + step];
    if (to === undefined) return false;
    content.activeCellIndex = to;
    yieldRoom();
    return true;
  }

  /** Kéo một nấc; đã ở đầu thanh thì trả về false. */
  function nudge(handle, up) {
    const [now, end] = ['aria-valuenow', up ? 'aria-valuemax' : 'aria-valuemin'].map((name) => +handle.getAttribute(name));
    if (now === end) return false;
    return !handle.dispatchEvent(new KeyboardEvent('keydown', {key: up ? 'ArrowRight' : 'ArrowLeft', bubbles: true, cancelable: true}));
  }

  const home = () => notebook().content.activeCell?.node.focus({preventScroll: true});
  const done = (event) => { event.preventDefault(); event.stopPropagation(); };
  const typing = 'input:not([type=checkbox]), textarea, select, [contenteditable=true], .jp-Dialog, .lm-Menu';
  const steps = {PageDown: 1, ArrowRight: 1, ' ': 1, PageUp: -1, ArrowLeft: -1, 'Shift ': -1};

  let down = false, byMouse = false;  // tay đến điều khiển đang chọn bằng chuột hay bằng phím
  window.addEventListener('pointerdown', () => { down = byMouse = true; }, true);
  window.addEventListener('pointerup', () => { down = false; }, true);
  window.addEventListener('focusin', () => { byMouse = down; }, true);

  window.addEventListener('keydown', (event) => {
    if (!presenting() || !notebook() || event.ctrlKey || event.altKey || event.metaKey || !event.isTrusted) return;
    const {target} = event, handle = target.closest('.noUi-handle');
    const key = event.key === ' ' && event.shiftKey ? 'Shift ' : event.key, clicker = key.startsWith('Page');
    if (key === 'Escape' && target.closest('.widget-box, summary')) return home(), done(event);
    if (target.closest(typing) && !(clicker && target.matches('select'))) return;
    if (handle && key.startsWith('Arrow') || key.endsWith(' ') && target.closest('button, input, summary, a')) return;
    if (handle && clicker && !byMouse && nudge(handle, key === 'PageDown')) return done(event);
    if (key in steps && turn(steps[key])) done(event);
  }, true);
  window.addEventListener('click', (event) => {  // mũi tên trên màn hình cũng lật từng slide như phím
    const arrow = event.target.closest('.jp-deck-mod-direction-forward, .jp-deck-mod-direction-back');
    if (arrow && notebook()) done(event), turn(arrow.matches('.jp-deck-mod-direction-forward') ? 1 : -1);
  }, true);

  // --- Hình vừa màn hình ---

  /** Slide cao hơn màn hình thì các hình của slide thấp bớt đi, cho vừa. */
  function yieldRoom() {
    const cells = [...document.querySelectorAll('.jp-deck-mod-onscreen')];
    const images = cells.flatMap((cell) => [...cell.querySelectorAll('.jp-OutputArea-output img')]);
    images.forEach((image) => { image.style.maxHeight = ''; });
    const excess = (document.querySelector('.jp-Deck .jp-WindowedPanel-outer')?.scrollHeight ?? 0) - innerHeight;
    if (excess > 0) images.forEach((image) => { image.style.maxHeight = `${image.offsetHeight - excess / images.length}px`; });
  }

  /** Trên slide, câu trả lời đợi đến lần bấm sau (fragment), nên kết quả còn gập trong notebook thì mở ra sẵn. */
  function unfold() {
    notebook()?.content.widgets.forEach((cell) => { if (cell.outputHidden) cell.outputHidden = false; });
  }

  /** Chạy một dòng trong kernel mà không để lại dấu vết; trả về giá trị của `what`. */
  async function ask(session, code, what = 'None') {
    const future = session.session?.kernel?.requestExecute({code, silent: true, store_history: false, user_expressions: {what}});
    return (await future?.done)?.content.user_expressions?.what?.data?.['text/plain'];
  }

  /** Khung của một hình: bề rộng của slide trừ hai lề (2 × 2.2vw) và cột bên trái, và chiều cao còn lại sau hai hàng
   *  điều khiển và hai dòng kể. Đúng đến từng điểm: hình hiện ra y cỡ đã vẽ thì nét, và trình duyệt khỏi co giãn nó. */
  const frame = () => `(${Math.floor(0.956 * innerWidth - 34)}, ${Math.floor(0.8 * innerHeight)})`;

  function fit() {
    const session = notebook()?.sessionContext;
    if (presenting()) unfold(), yieldRoom();
    if (!session) return;
    const screen = presenting() ? `${innerWidth} x ${innerHeight}` : '';
    const told = ask(session, `try:\n    __import__('mlcourse.interactive').interactive.projector(${presenting() ? frame() : null})\nexcept ImportError:\n    pass`);
    return told.then(() => { document.body.dataset.mlcourseScreen = screen; });
  }

  let later;
  const soon = () => { clearTimeout(later); later = setTimeout(fit, 300); };
  window.addEventListener('resize', () => presenting() && soon());
  new MutationObserver(soon).observe(document.body, {attributeFilter: ['data-jp-deck-mode']});

  document.addEventListener('load', (event) => {  // hình tĩnh vừa vẽ lại là một thẻ img mới
    if (presenting() && event.target.matches?.('.jp-RenderedImage img')) yieldRoom();
  }, true);

  const watched = new WeakSet();
  app.shell.currentChanged?.connect(async () => {
    const panel = notebook(), session = panel?.sessionContext;
    if (!session || watched.has(session)) return presenting() && soon();
    watched.add(session);
    session.statusChanged.connect((_, status) => { if (/starting/.test(status) && presenting()) soon(); });
    await session.ready;
    if (!presenting()) return;
    await fit();
    const fresh = (await ask(session, '', "'mlcourse' in globals()")) === 'False';
    if (fresh && notebook() === panel && panel.model.getMetadata('mlcourse')) {  // bài vừa mở: chạy mọi ô
      const ran = app.commands.execute('notebook:run-all-cells');  // đưa con trỏ xuống ô cuối ngay khi bắt đầu
      panel.content.activeCellIndex = 0;
      await ran;
    }
  });
}
