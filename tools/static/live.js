/* Hình sống của bản để đọc: mỗi nấc của thanh trượt là một khung có sẵn, [chữ ở nấc, câu kể, phần ảnh đã đổi]. */
for (const figure of document.querySelectorAll('figure.live')) {
  const frames = JSON.parse(figure.querySelector('script').textContent), changes = [];
  const find = (selector) => figure.querySelector(selector);
  const slider = find('input'), picture = find('img'), canvas = find('canvas'), words = find('[role=status]');
  const play = find('.play'), opening = Number(slider.defaultValue);
  let clock = null;

  function show(k) {
    const [reading, told] = frames[k];
    slider.value = k;
    slider.setAttribute('aria-valuetext', reading);
    find('.reading').textContent = reading;
    words.textContent = picture.alt = told;
    draw(k);
  }

  /** Ghép hình lúc mở với phần đã đổi, ở đúng cỡ vẽ: ghép xong mới thu nhỏ thì không lộ đường nối. */
  async function draw(k) {
    const layers = k === opening ? [picture] : [picture, change(k)];
    await Promise.all(layers.map((layer) => layer.decode()));
    if (slider.valueAsNumber !== k) return; // đang tải thì tay đã kéo đi chỗ khác
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    for (const layer of layers) canvas.getContext('2d').drawImage(layer, 0, 0);
    canvas.hidden = k === opening;
    figure.dataset.shown = k;
  }

  const change = (k) => (changes[k] ??= Object.assign(new Image(), {src: frames[k][2]}));

  /** Lần đầu tay chạm vào hình: tải trước mọi khung, gần nấc đang đứng trước. */
  function load() {
    const away = (k) => Math.abs(k - slider.valueAsNumber);
    [...frames.keys()].filter((k) => k !== opening).sort((a, b) => away(a) - away(b)).forEach(change);
  }

  function stop() {
    clearInterval(clock);
    clock = null;
    if (play) play.textContent = 'Chạy';
    words.setAttribute('aria-live', 'polite');
  }

  function start() {
    if (slider.valueAsNumber === frames.length - 1) show(0);
    play.textContent = 'Dừng';
    words.setAttribute('aria-live', 'off'); // đang chạy thì trình đọc màn hình đợi, dừng mới đọc
    clock = setInterval(() => {
      if (slider.valueAsNumber < frames.length - 1) show(slider.valueAsNumber + 1);
      if (slider.valueAsNumber === frames.length - 1) stop();
    }, 100);
  }

  for (const touch of ['pointerenter', 'pointerdown', 'focusin']) figure.addEventListener(touch, load, {once: true});
  slider.addEventListener('input', () => { stop(); show(slider.valueAsNumber); });
  play?.addEventListener('click', () => (clock ? stop() : start()));
  find('.reset').addEventListener('click', () => { stop(); show(opening); });
  slider.setAttribute('aria-valuetext', frames[opening][0]);
  find('.reading').textContent = frames[opening][0];
  find('.controls').hidden = false;
}
