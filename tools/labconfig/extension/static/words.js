/* Tiếng Việt cho những chữ mà bảng dịch không với tới: phần JupyterLab quên đưa bảng dịch, và phần viết cứng trong một tiện
 * ích hay trong kernel (miền dịch mlcourse_lab).
 */
export async function activate(app, shared) {
  const {ITranslator, nullTranslator} = (await Object.values(shared['@jupyterlab/translation'])[0].get())();
  const translator = await app.resolveRequiredService(ITranslator);
  if (translator.languageCode === 'en') return;
  const lab = translator.load('jupyterlab'), ours = translator.load('mlcourse_lab');

  const bundle = nullTranslator.load('jupyterlab');
  for (const ask of ['__', '_n', '_p', '_np', 'gettext', 'ngettext', 'pgettext', 'npgettext']) bundle[ask] = lab[ask].bind(lab);

  function say(text) {
    if (text.includes('%')) return text;  // chỗ điền của bảng dịch: đừng điền nhầm vào tên file
    const known = ours.__(text.replace(/ Section$/, ''));
    return lab.__(known).replace(/(?<= )File\b/, 'tệp');
  }

  const named = ['title', 'aria-label', 'placeholder'];
  const labels = '.lm-Menu-itemLabel, .lm-CommandPalette-itemLabel, .jp-skiplink a, .jp-MetadataEditorTool label';
  function translate(node) {
    for (const name of named) {
      const text = node.getAttribute(name), said = text && say(text);
      if (said !== text) node.setAttribute(name, said);
    }
    if (node.matches(labels) && !node.childElementCount) {
      const text = node.textContent, said = say(text);
      if (said !== text) node.textContent = said;
    }
  }

  const all = (root) => [root, ...root.querySelectorAll('[title], [aria-label], [placeholder], ' + labels)].forEach(translate);
  new MutationObserver((changes) => {
    for (const {target, addedNodes, type} of changes) {
      if (type === 'attributes') translate(target);
      if (type === 'characterData' && target.parentElement) translate(target.parentElement);
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) all(node);
    }
  }).observe(document.body, {childList: true, characterData: true, subtree: true, attributeFilter: named});
  all(document.body);
}
