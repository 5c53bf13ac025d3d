/* Tìm chữ: trong một bài, hay trong mọi bài (trang mục lục). Gõ không dấu thì tìm ra chữ có dấu. */
const form = document.querySelector('[role=search]'), field = form.querySelector('input'), count = form.querySelector('output');
const lower = (text) => text.toLowerCase().replace(/\s/g, ' ');

/** Bỏ dấu, từng chữ một: chỗ tìm thấy trong chữ không dấu cũng là chỗ ấy trong chữ gốc. */
const bare = (text) => lower(text).replace(/[^\x00-\x7f]/g, (letter) => (letter === 'đ' ? 'd' : letter.normalize('NFD')[0]));

/** Người đọc gõ không dấu thì bỏ dấu cả hai bên; gõ có dấu thì dấu phải đúng. */
const matcher = (query) => (/^[\x00-\x7f]*$/.test(query) ? bare : lower);

function* places(text, query) {
  for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) yield at;
}

// --- Trong một bài: tô mọi chỗ tìm thấy, đi tới đi lui giữa các chỗ ấy ---

function inPage() {
  const BLOCKS = 'p, li, td, th, pre, summary, h1, h2, h3, h4';
  const LEFT_OUT = 'script, button, .controls, .MathJax, .MathJax_Preview, .MJX_Assistive_MathML';
  const highlights = 'highlights' in CSS && {found: new Highlight(), current: new Highlight()};
  if (highlights) for (const [name, each] of Object.entries(highlights)) CSS.highlights.set(name, each);
  const steps = form.querySelector('.steps');
  let found = [], current = -1;

  /** ``[[chữ của một khối, [nút chữ, chỗ bắt đầu], …], …]``: một câu có chữ đậm vẫn liền một mạch. */
  function blocks() {
    const walker = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT), all = [];
    let last = null;
    for (let node; (node = walker.nextNode());) {
      if (node.parentElement.closest(LEFT_OUT) || answer(node)) continue;
      const block = node.parentElement.closest(BLOCKS);
      if (!block || block !== last) all.push({text: '', nodes: []});
      last = block;
      all.at(-1).nodes.push([node, all.at(-1).text.length]);
      all.at(-1).text += node.data;
    }
    return all;
  }

  /** Đáp án, gợi ý còn gập: tìm không được mở hộ người đọc. Code của hình thì được. */
  function answer(node) {
    const closed = node.parentElement.closest('details:not(.code, [open])');
    return closed && (!closed.firstElementChild.contains(node) || answer(closed));
  }

  function range(nodes, from, to) {
    const range = new Range(), holding = (at) => nodes.findLast(([, start]) => start <= at);
    const [first, start] = holding(from), [last, end] = holding(to - 1);
    range.setStart(first, from - start);
    range.setEnd(last, to - end);
    return range;
  }

  function go(k) {
    current = k;
    highlights?.current?.clear();
    count.textContent = found.length ? `${k + 1}/${found.length}` : field.value.trim() ? 'không thấy' : '';
    steps.hidden = found.length < 2;
    if (!found.length) return;
    const place = found[k], near = place.startContainer.parentElement;
    for (let fold = near; (fold = fold.parentElement?.closest('details'));) fold.open = true;
    if (highlights) highlights.current.add(place);
    else getSelection().removeAllRanges(), getSelection().addRange(place);
    near.scrollIntoView({block: 'nearest', inline: 'nearest'});
    scrollBy(0, place.getBoundingClientRect().top - innerHeight / 3);
  }

  function search() {
    const query = field.value.trim(), read = matcher(query), wanted = read(query);
    found = !query ? [] : blocks().flatMap(({text, nodes}) =>
      Array.from(places(read(text), wanted), (at) => range(nodes, at, at + wanted.length)));
    if (highlights) {
      highlights.found.clear();
      for (const place of found) highlights.found.add(place);
    }
    const ahead = found.findIndex((place) => place.getBoundingClientRect().top >= 0);
    go(Math.max(0, ahead)); // từ chỗ đang đọc trở đi
  }

  const step = (by) => { if (found.length) go((current + by + found.length) % found.length); };
  const [before, after] = steps.querySelectorAll('button');
  before.addEventListener('click', () => step(-1));
  after.addEventListener('click', () => step(1));
  field.addEventListener('input', search);
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') step(event.shiftKey ? -1 : 1); });
  return search;
}

// --- Trong mọi bài: liệt kê các mục có chữ ấy, mục có chữ ấy ở tên đứng trước ---

function inCourse() {
  const MOST = 30, AROUND = 70;
  const results = document.querySelector('.results'), list = results.querySelector('ol');

  function entry([page, lesson, anchor, heading, text], query, at) {
    const item = document.createElement('li'), link = document.createElement('a');
    link.href = `${page}?tim=${encodeURIComponent(query)}#${anchor}`;
    link.textContent = heading === lesson ? lesson : `${lesson}: ${heading}`;
    item.append(link);
    if (at >= 0) {
      const mark = document.createElement('mark'), line = document.createElement('p'), end = at + query.length;
      mark.textContent = text.slice(at, end);
      const before = text.slice(Math.max(0, at - AROUND), at), after = text.slice(end, end + AROUND);
      line.append('… ', before.replace(/^\S*\s/, ''), mark, after.replace(/\s\S*$/, ''), ' …'); // không cắt giữa chữ
      item.append(line);
    }
    return item;
  }

  return () => {
    const query = field.value.trim(), read = matcher(query), wanted = read(query);
    const inTitle = [], inText = [];
    for (const section of query ? sections : []) {
      const at = read(section[4]).indexOf(wanted);
      if (read(section[3]).includes(wanted)) inTitle.push([section, at]);
      else if (at >= 0) inText.push([section, at]);
    }
    const all = [...inTitle, ...inText];
    results.hidden = !all.length;
    list.replaceChildren(...all.slice(0, MOST).map(([section, at]) => entry(section, query, at)));
    count.textContent = all.length ? `${all.length} mục` : query ? 'không thấy' : '';
  };
}

// --- Ô tìm: Esc xóa, / đưa tay về ô ---

const search = window.sections ? inCourse() : inPage();
if (window.sections) field.addEventListener('input', search);
form.hidden = false;
form.addEventListener('submit', (event) => event.preventDefault());
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && field.value) {
    field.value = '';
    search();
  } else if (event.key === '/' && !event.target.closest('input:not([type=range]), textarea, select')) {
    event.preventDefault();
    field.focus();
  }
});
field.value = new URLSearchParams(location.search).get('tim') ?? '';
if (field.value) search();
