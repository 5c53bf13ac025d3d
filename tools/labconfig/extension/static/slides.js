/* Trình chiếu: bài đang mở trong JupyterLab thành bộ slide, hình vẫn sống, code vẫn chạy được.
 *
 * Mỗi ô mang loại slide của Jupyter (slide, subslide, fragment, skip, notes). Một *trang* là một slide hay subslide; một
 * *bước* là phần hiện ra ở một lần bấm. Ô mở trang có `part` trong metadata thì trước trang ấy có một trang phân phần.
 * Trang đang chiếu nằm trong địa chỉ (#slide=7), nên tải lại trang web là về đúng chỗ cũ.
 *
 * CSS làm phần còn lại (slides.css): chỉ ô của trang hiện ra, chữ tính theo màn hình. Không gì của bài bị sửa.
 */
import {Speaker} from './speaker.js';

export const KEYS = [
  ['→  PageDown  phím cách', 'bước tới'],
  ['←  PageUp  Shift+phím cách', 'bước lùi'],
  ['Home  End', 'trang đầu, trang cuối'],
  ['số rồi Enter', 'đến trang ấy'],
  ['Tab', 'đến nút, thanh trượt, câu hỏi kế tiếp; mũi tên kéo thanh'],
  ['Shift+Enter', 'chạy ô đang gõ, ngay tại chỗ'],
  ['C', 'mở hay gập code của trang'],
  ['R', 'chạy lại trang; ô chạy mãi thì ngắt; kernel đã tắt thì chạy lại cả bài'],
  ['B  hay  .', 'màn hình đen'],
  ['F', 'toàn màn hình'],
  ['S', 'cửa sổ của người nói: ghi chú, đồng hồ, trang sau'],
  ['F5', 'lưu, tải lại, về đúng trang này'],
  ['Esc', 'rời thanh trượt hay ô đang gõ; rời bộ slide'],
  ['?', 'bảng phím này'],
];

/** `<tag class="…">…</tag>`; chữ viết vào như chữ, thẻ con thì gắn thêm. */
export function make(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
}

/** Các trang của một bài: ô nào ở trang nào, hiện ra ở bước nào, ghi chú và số phút của người nói. */
export function paginate(content) {
  const parts = [], pages = [];
  content.widgets.forEach(({model}, i) => {
    const {slide_type: type, part} = model.getMetadata('slideshow') ?? {};
    if (i === 0 || type === 'slide' || type === 'subslide') {
      if (part) pages.push({part: parts.push(part), steps: [[]], first: i, notes: [], minutes: 0});
      pages.push({steps: [[i]], first: i, within: parts.length, notes: [], minutes: 0});
      return;
    }
    const page = pages.at(-1);
    if (type === 'notes') {
      page.notes.push(i);
      page.minutes += Number(model.sharedModel.getSource().match(/\((\d+) phút\)/)?.[1] ?? 0);
    } else if (type === 'fragment') {
      page.steps.push([i]);
    } else if (type !== 'skip') {
      page.steps.at(-1).push(i);
    }
  });
  return {parts, pages};
}

const LARGEST = 1.24;  // trang ít chữ thì chữ to lên, đến chừng này
const heading = /^#{1,4} +(.*)$/m;
const figure = /\*\*Hình (\d+)\.\*\*/;

export function activate(app, shared) {
  document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: new URL('slides.css', import.meta.url)}));
  let deck = null;  // bộ slide đang chiếu
  const notebook = () => (app.shell.currentWidget?.content?.widgets && app.shell.currentWidget.sessionContext ? app.shell.currentWidget : null);

  app.commands.addCommand('mlcourse:present', {
    label: 'Trình chiếu',
    caption: 'Chiếu bài này thành slide (Esc: trở về bài, ?: các phím)',
    isEnabled: () => !!notebook(),
    execute: (args) => {
      if (deck) return deck.goto(args.page ?? 0);
      deck = new Deck(app, notebook(), () => { deck = null; });
      return deck.open(args.page);
    },
  });
  app.commands.addCommand('mlcourse:stop-presenting', {label: 'Thôi trình chiếu', execute: () => deck?.close()});
  window.mlcourseDeck = () => deck;

  // --- Phím và chuột: khi chiếu, JupyterLab chỉ nghe phím gõ trong ô soạn thảo ---

  let down = false, byMouse = false;  // tay đến điều khiển đang chọn bằng chuột hay bằng phím
  window.addEventListener('pointerdown', () => { down = byMouse = true; }, true);
  window.addEventListener('pointerup', () => { down = false; }, true);
  window.addEventListener('focusin', () => { byMouse = down; }, true);
  window.addEventListener('keydown', (event) => {
    if (deck && event.isTrusted && deck.key(event, byMouse)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
  window.addEventListener('dblclick', (event) => {  // bấm đúp vào chữ không mở chữ ấy ra để sửa
    if (deck && !event.target.closest('.cm-editor')) event.stopImmediatePropagation();
  }, true);
  window.addEventListener('hashchange', () => deck?.goto(Number(location.hash.match(/^#slide=(\d+)/)?.[1] ?? 0)));

  // --- Mở ra đã chiếu: `make present`, hay tải lại một trang đang chiếu ---

  if (!wanted) return;
  document.body.dataset.mlcourseStage = 'opening';
  setTimeout(() => { if (!deck) delete document.body.dataset.mlcourseStage; }, 15_000);  // không có bài nào để chiếu: JupyterLab hiện ra như thường
  warm(app);
  for (const name of ['base', 'controls', 'output']) Object.values(shared[`@jupyter-widgets/${name}`] ?? {})[0]?.get();  // mã của thanh trượt, tải trước
  if (path) app.started.then(() => app.commands.execute('docmanager:open', {path, factory: 'Notebook'}));  // khỏi đợi JupyterLab bày xong
  const opened = async () => {
    const panel = notebook();
    if (deck || !panel) return;
    app.shell.currentChanged.disconnect(opened);
    await panel.context.ready;
    await panel.revealed;
    await app.commands.execute('mlcourse:present', {page: wanted});
  };
  app.shell.currentChanged?.connect(opened);
  opened();
}

// --- Trang web còn đang dựng thì kernel đã khởi động, rồi nạp sẵn những gì mọi bài cần: gói, phông, bức hình đầu tiên ---

const config = JSON.parse(document.getElementById('jupyter-config-data')?.textContent ?? '{}');
const wanted = Number(location.hash.match(/^#slide=(\d+)/)?.[1] ?? (config.mlcoursePresent ? 1 : 0));
const path = decodeURIComponent(location.pathname.match(/\/tree\/(.*\.ipynb)$/)?.[1] ?? '');
const WARM = `def _mlcourse_warm():
    import matplotlib.pyplot as plt, mlcourse.interactive, mlcourse.training
    fig = plt.figure()
    fig.text(0, 0, "ấ $x$")
    fig.canvas.draw()
    plt.close(fig)
_mlcourse_warm()
del _mlcourse_warm`;
let asked = null;  // phiên xin trước khi JupyterLab dựng xong

export function early() {
  if (!wanted || !path) return;
  const headers = {'Content-Type': 'application/json', 'X-XSRFToken': document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? ''};
  if (config.token) headers.Authorization = `token ${config.token}`;
  const body = JSON.stringify({path, name: path.split('/').at(-1), type: 'notebook', kernel: {name: 'python3'}});
  asked = fetch(`${config.baseUrl}api/sessions`, {method: 'POST', headers, body}).then((reply) => (reply.ok ? reply.json() : null));
}

/** Chạy phần nạp sẵn trên một đường nối riêng; widget là việc của bài, nên đường này không nhận. */
async function warm(app) {
  const model = await asked?.catch(() => null);
  if (!model) return;
  const {kernels} = app.serviceManager;
  const kernel = kernels.connectTo({model: model.kernel, handleComms: false});
  await kernel.requestExecute({code: WARM, silent: true, store_history: false}).done;
  kernel.dispose();
}

class Deck {
  constructor(app, panel, gone) {
    Object.assign(this, {app, panel, gone, content: panel.content, session: panel.sessionContext});
    this.page = this.step = 0;
    this.number = '';
    this.speaker = new Speaker(this);
  }

  // --- Vào, ra ---

  async open(page) {
    const {content, panel} = this;
    this.windowing = content.notebookConfig.windowingMode;
    this.folds = new Set(content.widgets.filter((cell) => cell.outputHidden));  // kết quả đang gập: lên slide thì mở, ra thì gập lại
    content.notebookConfig = {...content.notebookConfig, windowingMode: 'contentVisibility'};
    // kernel chết thì bộ slide tự nói, JupyterLab khỏi mở hộp thoại giữa buổi
    Object.defineProperty(panel, '_autorestarting', {configurable: true, get: () => true, set() {}});
    document.body.dataset.mlcourseStage = 'on';
    panel.addClass('mlc-deck');
    this.build();
    this.layout();
    this.listen();
    const at = content.activeCellIndex;
    const here = this.pages.findLastIndex((one) => one.first <= at);
    await this.show(page ? page - 1 : Math.max(here, 0), 0);
    await this.session.ready;
    await this.fitKernel();
    this.running = true;
    try {
      if (this.panel.model.getMetadata('mlcourse')) await this.liven();
    } finally {
      this.running = false;
    }
  }

  close() {
    const {content, panel} = this, at = this.current[0] ?? this.here.first;
    this.off.forEach((off) => off());
    this.off = null;
    clearTimeout(this.later);
    cancelAnimationFrame(this.soon);
    this.frame.remove();
    this.speaker.close();
    this.folds.forEach((cell) => { cell.outputHidden = true; });
    content.node.querySelectorAll('.jp-OutputArea-output img').forEach((img) => { img.style.maxHeight = ''; });
    content.node.querySelectorAll('details[name^=mlc-]').forEach((option) => option.removeAttribute('name'));
    content.node.querySelectorAll('.mlc-copy').forEach((copy) => copy.remove());
    content.node.querySelectorAll('.mlc-covered').forEach((host) => host.classList.remove('mlc-covered'));
    delete panel._autorestarting;
    panel._autorestarting = false;
    panel.removeClass('mlc-deck');
    content.widgets.forEach(({node}) => node.classList.remove('mlc-on', 'mlc-later', 'mlc-fold', 'mlc-bare'));
    content.node.style.removeProperty('--fit');
    content.notebookConfig = {...content.notebookConfig, windowingMode: this.windowing};
    delete document.body.dataset.mlcourseStage;
    delete document.body.dataset.mlcoursePage;
    history.replaceState(history.state, '', location.pathname + location.search);
    if (document.fullscreenElement) document.exitFullscreen();
    this.gone();
    panel.update();
    content.mode = 'command';
    content.activeCellIndex = at;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      content.widgets[at].node.scrollIntoView({block: 'start'});
      content.widgets[at].node.focus({preventScroll: true});
    }));
    return this.project(null).then(() => { delete document.body.dataset.mlcourseScreen; });
  }

  listen() {
    const off = this.off = [];
    const on = (target, type, act, options) => {
      target.addEventListener(type, act, options);
      off.push(() => target.removeEventListener(type, act, options));
    };
    const signal = (one, act) => { one.connect(act); off.push(() => one.disconnect(act)); };
    on(window, 'resize', () => { this.fit(); clearTimeout(this.later); this.later = setTimeout(() => this.fitKernel(), 300); });
    on(this.content.node, 'load', () => this.fitSoon(), true);
    on(this.content.node, 'toggle', () => this.fit(), true);
    const watch = new MutationObserver(() => this.fitSoon());
    watch.observe(this.content.node, {childList: true, characterData: true, subtree: true});
    off.push(() => watch.disconnect());
    signal(this.session.statusChanged, (_, status) => {
      if (/autorestarting|dead/.test(status)) this.lose();
    });
    signal(this.content.model.cells.changed, () => { this.layout(); this.show(this.page, this.step); });
    signal(this.app.shell.currentChanged, () => { if (this.app.shell.currentWidget !== this.panel) this.close(); });
  }

  /** Phần của sân khấu quanh nội dung: tên phần và tên trang ở trên, số trang ở dưới, các màn che. */
  build() {
    const button = (name, label, act) => {
      const node = make('button', 'mlc-turn', name);
      node.type = 'button';
      node.setAttribute('aria-label', label);
      node.addEventListener('mousedown', (event) => event.preventDefault());  // chuột bấm xong, phím cách vẫn là của slide
      node.addEventListener('click', act);
      return node;
    };
    this.title = make('h2');
    this.eyebrow = make('p', 'mlc-eyebrow');
    this.count = make('span', 'mlc-count');
    this.hint = make('span', 'mlc-hint');
    this.bar = make('div', 'mlc-bar');
    this.divider = make('section', 'mlc-part');
    this.banner = make('div', 'mlc-banner');
    this.banner.setAttribute('role', 'alert');
    this.frame = make('div', 'mlc-frame',
      make('header', '', this.eyebrow, this.title),
      this.divider,
      make('footer', '', make('span', '', this.lesson()), this.hint,
        button('‹', 'Trang trước', () => this.turn(-1)), this.count, button('›', 'Trang sau', () => this.turn(1))),
      this.bar, this.banner);
    this.panel.node.append(this.frame);
  }

  lesson() {
    return this.plain(this.source(0).match(heading)?.[1] ?? this.panel.title.label);
  }

  source(i) {
    return this.content.widgets[i].model.sharedModel.getSource();
  }

  plain(text) {
    return text.replace(/[*`]/g, '');
  }

  /** Chia trang lại: bài có thể vừa thêm hay bớt một ô. */
  layout() {
    Object.assign(this, paginate(this.content));
    this.minutes = this.pages.reduce((sum, one) => sum + one.minutes, 0);
  }

  get here() { return this.pages[this.page]; }
  get current() { return this.here.steps[this.step]; }

  // --- Lật trang ---

  /** Bước tới (1) hay lùi (-1); hết bài thì trả về false. */
  turn(way) {
    if (this.step + way in this.here.steps) return this.show(this.page, this.step + way), true;
    if (!(this.page + way in this.pages)) return false;
    this.show(this.page + way, way > 0 ? 0 : this.pages[this.page + way].steps.length - 1);
    return true;
  }

  /** Đến trang số n, đếm từ 1; ra ngoài bộ slide thì dừng ở trang gần nhất. */
  goto(n) {
    const to = Math.min(Math.max(n, 1), this.pages.length) - 1;
    if (n && to !== this.page) this.show(to, 0);
  }

  async show(page, step) {
    const {content} = this;
    this.page = Math.min(page, this.pages.length - 1);
    this.step = Math.min(step, this.here.steps.length - 1);
    this.number = '';
    const {here} = this, shown = here.steps.flat();
    const later = new Set(here.steps.slice(step + 1).flat());
    content.widgets.forEach((cell, i) => {
      const on = shown.includes(i);
      cell.node.classList.toggle('mlc-on', on);
      cell.node.classList.toggle('mlc-later', later.has(i));
      if (on) this.dress(cell, i);
    });
    content.deselectAll();
    content.mode = 'command';
    content.activeCellIndex = this.current[0] ?? here.first;
    if (document.activeElement?.closest('.jp-Cell') && !document.activeElement.closest('.mlc-on')) content.node.focus({preventScroll: true});
    history.replaceState(history.state, '', `${location.pathname}${location.search}#slide=${this.page + 1}`);
    this.label();
    this.fit();
    if (!this.lost && !this.running) this.tell('');
    this.speaker.update();
    await Promise.all(shown.map((i) => content.widgets[i].ready));
    if (this.here === here) {
      this.label();
      this.fit();
    }
  }

  /** Một ô lên slide: dựng ngay nếu JupyterLab còn để dành, mở kết quả đang gập, và gập code khi trang là để xem kết quả. */
  dress(cell, i) {
    const {content} = this, source = this.source(i);
    if (cell.isPlaceholder()) {
      cell.dataset.windowedListIndex = `${i}`;
      content.layout.insertWidget(i, cell);
    }
    if (cell.model.type !== 'code') return;
    if (cell.outputHidden) cell.outputHidden = false;
    const {code, key, slide_type: type} = cell.model.getMetadata('slideshow') ?? {};
    const guess = (cell.model.getMetadata('tags') ?? []).includes('guess');
    const result = guess || (type === 'fragment' && !/^(def|class|@)/m.test(source));  // trang để xem kết quả, không phải code
    const fold = code ? code === 'folded' : result && source.split('\n').length > 4;
    const bare = cell.node.classList.toggle('mlc-bare', /^lesson\.\w+$/.test(source.trim()));
    if (bare) cell.node.querySelectorAll('details').forEach((option) => { option.name = `mlc-${i}`; });  // một phương án mở, phương án khác khép
    if (!cell.node.dataset.mlcCode) cell.node.classList.toggle('mlc-fold', fold);
    const widest = Math.max(...source.split('\n').map((line) => line.length));
    cell.node.style.setProperty('--code', Math.min(1.6, 93 / (0.6 * widest)).toFixed(3));
    cell.node.querySelectorAll('.jp-OutputArea-output pre').forEach((pre) => {  // dài quá, như vết lỗi: một khung cuộn, mở ở cuối
      const long = (pre.textContent.match(/\n/g)?.length ?? 0) > 24;
      if (pre.classList.toggle('mlc-long', long)) pre.scrollTop = pre.scrollHeight;
    });
    if (key) this.enlarge(cell, key);
  }

  /** Con số đáng nhớ của trang, phóng to trong một bản chép của kết quả in ra; bản của JupyterLab để nguyên, nó còn viết tiếp. */
  enlarge(cell, key) {
    cell.node.querySelectorAll('.jp-OutputArea-child').forEach((child) => {
      const host = child.querySelector('.jp-OutputArea-output'), text = host?.querySelector('pre')?.textContent ?? '';
      const old = child.querySelector('.mlc-copy'), at = text.indexOf(key);
      if (old?.dataset.text === text) return;
      old?.remove();
      host?.classList.toggle('mlc-covered', at >= 0);
      if (at < 0) return;
      const copy = make('pre', 'mlc-copy', text.slice(0, at), make('strong', 'mlc-key', key), text.slice(at + key.length));
      copy.dataset.text = text;
      child.append(copy);
    });
  }

  /** Tên trang, tên phần, số trang: luôn ở cùng một chỗ. */
  label() {
    const {here, content} = this;
    document.body.dataset.mlcoursePage = here.part ? 'part' : here.first === 0 ? 'title' : 'plain';
    this.divider.replaceChildren();
    this.title.replaceChildren();
    if (here.part) {
      this.divider.append(make('p', '', `Phần ${here.part} trên ${this.parts.length}`), make('ol', '', ...this.parts.map((name, k) => {
        const item = make('li', k + 1 === here.part ? 'mlc-now' : k + 1 < here.part ? 'mlc-past' : '', name);
        if (k + 1 === here.part) item.setAttribute('aria-current', 'step');
        return item;
      })));
    } else {
      const cells = here.steps.flat().map((i) => content.widgets[i]);
      const own = cells.flatMap((cell) => [...cell.node.querySelectorAll('.jp-RenderedMarkdown :is(h1, h2, h3)')])[0];
      own?.classList.add('mlc-hoisted');
      if (own) this.title.append(...[...own.cloneNode(true).childNodes].filter((node) => !node.matches?.('.jp-InternalAnchorLink')));
      else this.title.append(this.name(this.page));
    }
    this.eyebrow.textContent = [here.within ? this.parts[here.within - 1] : '', this.numbered()].filter(Boolean).join(' · ');
    this.counted();
  }

  /** Tên của một trang. Trang không có đề mục riêng, như trang của một hình, mang đề mục gần nhất ở trên, kể cả ở ô không
   *  lên slide. */
  name(page) {
    const {part, steps, first} = this.pages[page];
    if (part) return this.parts[part - 1];
    const up = Array.from({length: first + 1}, (_, k) => first - k);
    for (const i of [...steps.flat(), ...up]) {
      const found = this.content.widgets[i].model.type === 'markdown' && this.source(i).match(heading);
      if (found) return this.plain(found[1]).replace(/^Hình sống: (.)/, (_, letter) => letter.toUpperCase());
    }
    return this.lesson();
  }

  /** "Hình 3", nếu trang chiếu hình ấy; lời chú của hình sống có khi nằm ở ô ngay dưới, không lên slide. */
  numbered() {
    const next = this.pages[this.page + 1]?.first ?? this.content.widgets.length;
    for (let i = this.here.first; i < next; i++) {
      const found = this.content.widgets[i].model.type === 'markdown' && this.source(i).match(figure);
      if (found && !this.here.part) return `Hình ${found[1]}`;
    }
    return '';
  }

  counted() {
    const all = this.pages.length;
    this.hint.textContent = this.content.node.querySelector('.mlc-on.mlc-fold') ? 'phím C: xem code' : '';
    this.count.textContent = this.number ? `→ ${this.number}` : `${this.page + 1} / ${all}`;
    this.bar.style.width = `${(100 * (this.page + 1)) / all}%`;
  }

  // --- Vừa màn hình ---

  fitSoon() {
    cancelAnimationFrame(this.soon);
    this.soon = requestAnimationFrame(() => { if (this.off) this.here.steps.flat().forEach((i) => this.dress(this.content.widgets[i], i)), this.label(), this.fit(); });
  }

  /** Chữ lớn nhất mà trang còn vừa. Trang có hình thì hình nhường chỗ cho chữ trước, đến 45% chiều cao; rồi chữ mới nhỏ lại. */
  fit() {
    const {node} = this.content, outer = node.querySelector('.jp-WindowedPanel-outer') ?? node;
    const images = [...node.querySelectorAll('.mlc-on .jp-OutputArea-output img')].filter((img) => img.offsetParent);
    images.forEach((img) => { img.style.maxHeight = ''; });
    const excess = () => outer.scrollHeight - outer.clientHeight;
    const scale = (value) => node.style.setProperty('--fit', value);
    scale(images.length ? 1 : LARGEST);
    if (images.length && excess() > 0) {
      const least = (0.45 * innerHeight) / images.length;
      for (let k = 0, over; k < 3 && (over = excess()) > 0; k++) {
        images.forEach((img) => { img.style.maxHeight = `${Math.max(img.offsetHeight - over / images.length, least)}px`; });
      }
    }
    const over = () => excess() > 0 || this.wide().length;
    if (over()) {
      let [small, large] = [0.55, images.length ? 1 : LARGEST];
      for (let k = 0; k < 6; k++) {  // chia đôi: cỡ lớn nhất còn vừa nằm giữa hai cỡ này
        const middle = (small + large) / 2;
        scale(middle);
        if (over()) large = middle;
        else small = middle;
      }
      scale(small);
    }
    if (!document.activeElement?.closest('.cm-editor')) outer.scrollTop = 0;  // đang gõ thì con trỏ ở đâu trang ở đó
  }

  /** Những gì dài hơn bề ngang của trang. */
  wide() {
    const outer = this.content.node.querySelector('.jp-WindowedPanel-outer');
    const edge = outer.getBoundingClientRect().right - parseFloat(getComputedStyle(outer).paddingRight) + 2;
    return [...outer.querySelectorAll('.mlc-on :is(.cm-scroller, pre:not(.mlc-long), .jp-OutputArea-output, .jp-RenderedHTMLCommon, mjx-container, img)')]
      .filter((one) => one.offsetParent && (one.scrollWidth > one.clientWidth + 2 || one.getBoundingClientRect().right > edge));
  }

  /** Khung của một hình: bề rộng của slide trừ hai lề, và chiều cao còn lại sau tên trang, hai hàng điều khiển, hai dòng kể. */
  async fitKernel() {
    const size = [0.936 * innerWidth, 0.7 * innerHeight].map(Math.floor), screen = `${innerWidth} x ${innerHeight}`;
    this.known = (await this.project(size)) === 'True';
    if (this.off) document.body.dataset.mlcourseScreen = screen;
    this.fit();
  }

  project(size) {
    const frame = size ? `(${size})` : 'None';
    return this.ask(`try:\n    __import__('mlcourse.interactive').interactive.projector(${frame})\nexcept ImportError:\n    pass`, "'lesson' in globals()");
  }

  // --- Kernel ---

  /** Chạy một dòng trong kernel mà không để lại dấu vết; trả về giá trị của `what`. */
  async ask(code, what = 'None') {
    const future = this.session.session?.kernel?.requestExecute({code, silent: true, store_history: false, user_expressions: {what}});
    return (await future?.done)?.content.user_expressions?.what?.data?.['text/plain'];
  }

  /** Chạy các ô này, tại chỗ. Gửi hết một lượt: kernel không phải đợi trang vẽ xong ô trước. Ô hỏng thì lỗi hiện ngay dưới ô
   *  ấy, và không cản các ô sau. */
  run(cells) {
    return Promise.all(cells.map(async (i) => {
      const cell = this.content.widgets[i];
      if (cell?.model.type !== 'code' || !this.source(i).trim()) return;
      this.folds.delete(cell);
      try {
        await cell.constructor.execute(cell, this.session, {tags: ['raises-exception']});
      } catch { /* lỗi của ô hiện ngay dưới ô */ }
      if (this.off && !this.panel.isDisposed) cell.outputHidden = false;
    }));
  }

  codeCells() {
    return this.content.widgets.flatMap((cell, i) => (cell.model.type === 'code' ? [i] : []));
  }

  /** Bài chưa chạy thì chạy cả bài; đã chạy mà hình nào mất widget (trang vừa tải lại) thì chạy lại hình ấy, trang này trước. */
  async liven() {
    if (!this.known) {
      await this.run(this.codeCells());
      this.known = true;
      return;
    }
    const dead = this.codeCells().filter((i) => this.source(i).includes('@live(') && !this.alive(i));
    const here = this.here.steps.flat();
    await this.run(dead.sort((a, b) => here.includes(b) - here.includes(a)));
  }

  alive(i) {
    return !!this.content.widgets[i].node.querySelector('.jupyter-widgets');
  }

  lose() {
    this.lost = true;
    this.tell('Kernel đã tắt giữa chừng. Bấm R: chạy lại từ đầu, vẫn ở trang này.');
  }

  tell(words) {
    this.banner.textContent = words;
    this.banner.hidden = !words;
  }

  async rerun() {
    const {kernel} = this.session.session ?? {}, looping = kernel?.status === 'busy' && !this.lost;
    if (this.running) return;
    if (looping) {  // một ô chạy mãi không dứt
      await kernel.interrupt();
      return this.tell('Đã ngắt ô đang chạy. Bấm R lần nữa để chạy lại trang.');
    }
    this.running = true;
    try {
      if (this.lost || !this.known) {
        this.tell('Đang chạy lại cả bài …');
        this.lost = false;
        if (!kernel || kernel.isDisposed) await this.session.changeKernel({name: 'python3'});  // phiên đã bị đóng từ nơi khác
        else if (/dead|unknown/.test(kernel.status)) await this.session.restartKernel();
        if (!this.session.session?.kernel) throw new Error('máy chủ không mở được kernel');
        await this.fitKernel();
        await this.run(this.codeCells());
        this.known = true;
      } else {
        this.tell('Đang chạy lại trang …');
        await this.run(this.here.steps.flat());
      }
      this.tell('');
    } catch (error) {
      this.lost = true;
      this.tell(`Chưa chạy lại được (${error.message}). Bấm R để thử lần nữa.`);
    } finally {
      this.running = false;
    }
  }

  // --- Phím ---

  /** Xử lý một phím; true là phím ấy không đi đâu nữa. */
  key(event, byMouse) {
    const {target} = event, editor = target.closest('.cm-editor'), handle = target.closest('.noUi-handle');
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, clicker = key === 'PageDown' || key === 'PageUp';
    this.speaker.again();
    if (event.key === 'F5' && !event.ctrlKey) return this.reload(), true;
    if (event.repeat && !/^(Arrow|Page| )/.test(key) && !editor) return true;  // phím giữ lâu không bật tắt liên hồi
    if (this.cover && !/^(F\d+|Shift|Control|Alt|Meta)$/.test(key)) return this.uncover(), true;
    if (event.key === 'Enter' && (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey)) return this.runHere(target), true;
    if (event.ctrlKey || event.altKey || event.metaKey) {
      const edits = editor && /^([acvxyz\/Z]|Arrow.*|Home|End|Backspace|Delete)$/.test(event.key);
      if (!edits && !/^[sS]$/.test(event.key)) event.stopImmediatePropagation();  // trình duyệt nghe, JupyterLab thì không
      return false;
    }
    if (/^(F\d+|Tab|Shift|Control|Alt|Meta|CapsLock)$/.test(key)) return false;
    if (key === 'Escape') {
      if (this.number) return this.type(''), true;
      if (editor) return this.content.mode = 'command', this.content.node.focus(), true;
      if (target.closest('.widget-box, summary, a, .mlc-frame button')) return this.content.node.focus({preventScroll: true}), true;
      return this.close(), true;
    }
    if (clicker && !(handle && !byMouse && this.nudge(handle, key === 'PageDown'))) return this.turn(key === 'PageDown' ? 1 : -1), true;
    if (clicker) return true;
    if (target.closest('.cm-editor, input:not([type=checkbox]), textarea, select, [contenteditable=true], .jp-Dialog, .lm-Menu')) return false;
    if (handle && /^(Arrow|Home|End)/.test(key)) return false;
    if ((key === ' ' || key === 'Enter' && !this.number) && target.closest('button, input, summary, a')) return false;
    const acts = {
      ArrowRight: () => this.turn(1), ArrowDown: () => this.turn(1), ' ': () => this.turn(event.shiftKey ? -1 : 1),
      ArrowLeft: () => this.turn(-1), ArrowUp: () => this.turn(-1),
      Home: () => this.show(0, 0), End: () => this.show(this.pages.length - 1, this.pages.at(-1).steps.length - 1),
      Enter: () => { const n = Number(this.number); this.type(''); if (n) this.goto(n); },
      Backspace: () => this.type(this.number.slice(0, -1)),
      '.': () => this.hide('mlc-black'), b: () => this.hide('mlc-black'), '?': () => this.hide('mlc-keys'),
      f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
      r: () => this.rerun(), s: () => this.speaker.open(), c: () => this.code(),
    };
    if (/^\d$/.test(key)) this.type((this.number + key).slice(-3));
    else if (Object.hasOwn(acts, key)) acts[key]();
    return true;
  }

  /** Kéo một nấc; đã ở đầu thanh thì trả về false. */
  nudge(handle, up) {
    const [now, end] = ['aria-valuenow', up ? 'aria-valuemax' : 'aria-valuemin'].map((name) => +handle.getAttribute(name));
    if (now === end) return false;
    return !handle.dispatchEvent(new KeyboardEvent('keydown', {key: up ? 'ArrowRight' : 'ArrowLeft', bubbles: true, cancelable: true}));
  }

  type(number) {
    this.number = number;
    this.counted();
  }

  /** Một màn che: đen, hay bảng phím; phím nào hay cú bấm nào cũng bỏ nó đi. */
  hide(name) {
    const rows = KEYS.map(([keys, what]) => make('tr', '', make('th', '', make('kbd', '', keys)), make('td', '', what)));
    this.cover = make('div', name, ...(name === 'mlc-keys' ? [make('h2', '', 'Các phím khi trình chiếu'), make('table', '', ...rows)] : []));
    this.cover.addEventListener('click', () => this.uncover());
    this.frame.append(this.cover);
  }

  uncover() {
    this.cover.remove();
    this.cover = null;
  }

  /** Mở hay gập code của trang. */
  code() {
    for (const i of this.here.steps.flat()) {
      const {node, model} = this.content.widgets[i];
      if (model.type !== 'code') continue;
      node.dataset.mlcCode = node.classList.toggle('mlc-fold') ? 'folded' : 'shown';
    }
    this.counted();
    this.fit();
  }

  /** Shift+Enter: chạy ô đang gõ, hay ô code của trang, và ở yên đó. */
  async runHere(target) {
    const typed = this.content.widgets.findIndex(({node}) => node.contains(target));
    if (this.lost) return this.tell('Kernel đã tắt giữa chừng. Bấm R: chạy lại từ đầu, vẫn ở trang này.');
    this.tell('Đang chạy …');
    await this.run(typed >= 0 && target.closest('.cm-editor') ? [typed] : this.current);
    if (!this.lost) this.tell('');
    this.fit();
    this.content.widgets[typed >= 0 ? typed : 0]?.node.querySelector('.jp-OutputArea')?.scrollIntoView({block: 'nearest'});
  }

  /** F5, phím mở đầu của nhiều bút trình chiếu: lưu bài, rồi tải lại trang web về đúng trang này. */
  async reload() {
    this.speaker.keep();
    if (this.panel.context.model.dirty) await this.panel.context.save();
    location.reload();
  }
}
