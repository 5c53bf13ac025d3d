/* Trang lớp học: xếp bảng theo cột, đổi nền sáng tối, chiếu lên lớp. Không nhớ gì, không gửi gì. */
const root = document.documentElement;

for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const head = button.closest('th');
    const table = head.closest('table');
    const body = table.tBodies[0];
    const key = button.dataset.key;
    const was = head.getAttribute('aria-sort');
    const up = was ? was === 'descending' : key === 'name';  // lần đầu: tên từ A, số đúng từ cao
    for (const other of table.tHead.querySelectorAll('[aria-sort]')) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const rows = [...body.rows].sort((a, b) => (a.dataset[key] - b.dataset[key]) * (up ? 1 : -1) || a.dataset.name - b.dataset.name);
    body.append(...rows);
  });
}

const theme = document.querySelector('.theme');
const machine = matchMedia('(prefers-color-scheme: dark)');
const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : machine.matches);
const named = () => { theme.textContent = dark() ? 'Nền sáng' : 'Nền tối'; };
theme.addEventListener('click', () => {
  root.dataset.theme = dark() ? 'light' : 'dark';
  named();
});
machine.addEventListener('change', named);
named();

const project = document.querySelector('.project');
project?.addEventListener('click', () => {
  const on = root.classList.toggle('projected');
  project.setAttribute('aria-pressed', on);
});
