/* Cửa sổ của người nói: ghi chú của trang, đồng hồ, số phút đã định so với số phút đã qua, và trang sau. */
import {make} from './slides.js';

const STYLE = `
  body { margin: 0; padding: 1.2rem; display: grid; gap: 1rem 1.6rem; grid-template: auto 1fr auto / 3fr 2fr; height: 100vh; box-sizing: border-box;
    font: 20px/1.5 'Be Vietnam Pro', system-ui, sans-serif; background: #16191d; color: #f0f2f4; overflow: auto; }
  header { grid-column: 1 / -1; display: flex; gap: 2rem; align-items: baseline; }
  header strong { font-size: 2rem; font-variant-numeric: tabular-nums; }
  .late { color: #ffb27a; } .early { color: #8fd0f5; }
  main { overflow: auto; font-size: 1.25rem; }
  main h1 { font-size: 1.4rem; margin: 0 0 .6rem; } main img { max-width: 100%; }
  main summary { color: #b9c1c9; list-style: none; } main em { font-style: normal; }
  button { font: inherit; font-size: 1rem; color: inherit; background: #2b3138; border: 1px solid #59626c; border-radius: 6px; padding: .2rem .8rem; }
  button:focus-visible { outline: 3px solid #8fd0f5; }
  aside > p { margin: 0 0 .4rem; color: #b9c1c9; }
  .box { position: relative; aspect-ratio: 16 / 9; overflow: hidden; border-radius: 8px; background: var(--jp-layout-color0, white); }
  .box :is(h1, h2, h3):not(.name) { display: none; }
  .box .mlc-deck { position: absolute !important; width: 100% !important; height: 100% !important; inset: 0 !important; }
  .box img { max-height: calc(34 * var(--u)) !important; }
  .box .jp-Notebook { padding: 0 calc(3.2 * var(--u)) !important; }
  .box h2.name { position: absolute; top: .8em; left: 1.4em; margin: 0; font-size: calc(2.3 * var(--u)); color: var(--mlc-ink); }`;

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export class Speaker {
  constructor(deck) {
    this.deck = deck;
    this.kept = `mlcourse-start:${deck.panel.context.path}`;  // tải lại trang web thì đồng hồ vẫn chạy tiếp
  }

  /** Buổi nói bắt đầu từ lần lật trang đầu tiên. */
  get start() { return Number(sessionStorage.getItem(this.kept)) || null; }

  begin() { if (!this.start) this.restart(); }

  restart() {
    sessionStorage.setItem(this.kept, Date.now());
    this.tick();
  }

  open() {
    this.window = window.open('', 'mlcourse-speaker', 'popup,width=1180,height=760');
    if (!this.window) return this.deck.tell('Trình duyệt chặn cửa sổ mới: hãy cho phép trang này mở cửa sổ, rồi bấm S lần nữa.');
    const {document: page} = this.window;
    page.documentElement.lang = 'vi';
    page.title = `Người nói: ${this.deck.lesson()}`;
    page.head.replaceChildren(Object.assign(page.createElement('base'), {href: document.baseURI}), this.styles(page), Object.assign(page.createElement('style'), {textContent: STYLE}));
    page.body.dataset.jpThemeLight = document.body.dataset.jpThemeLight;
    const reset = make('button', '', 'Đặt lại đồng hồ');
    reset.addEventListener('mousedown', (event) => event.preventDefault());  // phím vẫn là của slide
    reset.addEventListener('click', () => this.restart());
    Object.assign(this, {now: make('strong'), gone: make('strong'), pace: make('span'), where: make('span'), notes: make('main'), next: make('aside')});
    this.now.setAttribute('aria-label', 'bây giờ');
    page.body.replaceChildren(make('header', '', this.now, this.gone, this.pace, this.where, reset), this.notes, this.next);
    page.onkeydown = (event) => {
      if (event.key !== 'Escape' && event.key !== 'F5' && !event.target.closest('button') && this.deck.key(event, false)) event.preventDefault();
    };
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 1000);
    this.update();
  }

  /** Kiểu chữ của trang chính, kể cả những luật mà MathJax thêm dần. */
  styles(page) {
    const rules = [...document.styleSheets].flatMap((sheet) => {
      try {
        return [...sheet.cssRules].map((rule) => rule.cssText.replaceAll(/url\("(?!data:|https?:|blob:)([^"]+)"\)/g,
          (_, path) => `url("${new URL(path, sheet.href ?? document.baseURI)}")`));
      } catch { return []; }
    });
    return Object.assign(page.createElement('style'), {textContent: rules.join('\n')});
  }

  get shown() { return this.window && !this.window.closed; }

  close() {
    clearInterval(this.timer);
    sessionStorage.removeItem(this.kept);
    if (this.shown) this.window.close();
  }

  /** Trước khi tải lại trang web: nhớ là cửa sổ này đang mở; phím đầu tiên sau đó nối lại nó. */
  keep() { if (this.shown) sessionStorage.setItem('mlcourse-speaker', '1'); }

  again() {
    if (!sessionStorage.getItem('mlcourse-speaker')) return;
    sessionStorage.removeItem('mlcourse-speaker');
    this.open();
  }

  /** Trang vừa đổi. */
  update() {
    const {deck} = this;
    if (deck.page > 0 || deck.step > 0) this.begin();
    if (!this.shown) return;
    const {first, last, page} = this.group();
    const notes = page ? page.notes.flatMap((i) => this.rendered(i)) : [make('p', '', 'Đoạn này không có ghi chú.')];
    this.notes.replaceChildren(make('h1', '', deck.name(deck.page)), ...(last > first ? [make('p', '', `Ghi chú này cho trang ${first + 1} đến ${last + 1}.`)] : []), ...notes);
    const following = deck.pages[deck.page + 1], left = deck.here.steps.length - 1 - deck.step;
    this.next.replaceChildren(
      ...(left ? [make('p', '', `Trang này còn ${left} lần bấm.`)] : []),
      make('p', '', following ? `Trang sau: ${deck.name(deck.page + 1)}` : 'Đây là trang cuối.'),
      ...(following ? [this.preview(following)] : []));
    const box = this.next.querySelector('.box');
    box?.firstChild.style.setProperty('--u', `${box.clientWidth / 100}px`);
    this.tick();
  }

  /** Nhóm trang dùng chung một ghi chú: từ sau ghi chú trước đến trang mang ghi chú. */
  group() {
    const {pages, page: at} = this.deck;
    const last = pages.findIndex((one, k) => k >= at && one.notes.length);
    const first = pages.findLastIndex((one, k) => k < at && one.notes.length) + 1;
    return {first, last, page: pages[last]};
  }

  rendered(i) {
    const body = this.deck.content.widgets[i].node.querySelector('.jp-RenderedMarkdown details');
    if (!body) return [make('p', '', this.deck.source(i).replace(/<[^>]+>/g, '').trim())];
    const copy = body.cloneNode(true);
    copy.open = true;
    return [copy];
  }

  /** Trang sau, thu nhỏ. */
  preview(page) {
    const {deck} = this, inner = make('div', 'jp-Notebook'), box = make('div', 'box');
    if (page.part) {
      inner.append(make('p', '', `Phần ${page.part}: ${deck.parts[page.part - 1]}`));
    } else {
      for (const i of page.steps.flat()) {
        const copy = deck.content.widgets[i].node.cloneNode(true);
        copy.classList.add('mlc-on');
        copy.classList.remove('mlc-later');
        inner.append(copy);
      }
    }
    box.inert = true;
    box.append(make('div', 'mlc-deck', make('h2', 'name', deck.name(deck.page + 1)), inner));
    return box;
  }

  /** Số phút lẽ ra đã qua: đến đầu nhóm trang, cộng phần của nhóm theo số trang đã qua. */
  planned() {
    const {deck} = this, {first, last, page} = this.group();
    const before = deck.pages.slice(0, first).reduce((sum, one) => sum + one.minutes, 0);
    return before + (page ? (page.minutes * (deck.page - first + 1)) / (last - first + 1) : 0);
  }

  tick() {
    if (!this.shown) return;
    const {deck} = this, planned = this.planned(), gone = this.start ? (Date.now() - this.start) / 1000 : 0;
    const off = Math.round(gone / 60 - planned);
    this.now.textContent = new Date().toLocaleTimeString('vi', {hour: '2-digit', minute: '2-digit'});
    this.gone.textContent = clock(gone);
    this.pace.textContent = `hết trang này: phút ${Math.round(planned)} trên ${deck.minutes}`
      + (off > 0 ? `, đang chậm ${off} phút` : off < 0 ? `, sớm ${-off} phút` : ', đúng giờ');
    this.pace.className = off > 1 ? 'late' : 'early';
    this.where.textContent = `trang ${deck.page + 1} trên ${deck.pages.length}`;
  }
}
