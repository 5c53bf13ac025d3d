/* Hình sống của bản để đọc: mỗi chỗ của các điều khiển là một khung có sẵn, [câu kể, phần ảnh đã đổi, đổi so với khung nào]. */
for (const figure of document.querySelectorAll('figure.live')) {
  const {axes, opening, frames} = JSON.parse(figure.querySelector('script').textContent), changes = {};
  const find = (selector) => figure.querySelector(selector);
  const inputs = [...figure.querySelectorAll('.controls :is(input, select)')];
  const picture = find('img'), canvas = find('canvas'), words = find('[role=status]'), play = find('.play');
  let place = opening, clock = null;

  /** Các nấc có khung của điều khiển chính; các điều khiển phụ rời chỗ mở hình thì nấc thưa hơn. */
  const stops = (others) => axes[0].map((_, k) => k).filter((k) => [k, ...others] in frames);
  const nearest = (all, k) => all.reduce((best, one) => (Math.abs(one - k) < Math.abs(best - k) ? one : best));

  /** Chỗ mà tay vừa đặt. */
  function asked() {
    const [main, ...others] = inputs.map((input) =>
      input.type === 'range' ? input.valueAsNumber : input.type === 'checkbox' ? Number(input.checked) : input.selectedIndex);
    return [inputs[0].type === 'range' ? stops(place.slice(1))[main] : main, ...others];
  }

  /** Đặt mọi điều khiển vào một chỗ; điều khiển chính về nấc gần nhất có khung. */
  function put([main, ...others]) {
    const row = stops(others);
    place = [nearest(row, main), ...others];
    figure.dataset.place = place;
    inputs.forEach((input, i) => {
      const reading = axes[i][place[i]];
      if (input.type === 'checkbox') input.checked = place[i];
      else if (input.type !== 'range') input.selectedIndex = place[i];
      else {
        if (i === 0) input.max = row.length - 1;
        input.value = i === 0 ? row.indexOf(place[0]) : place[i];
        input.setAttribute('aria-valuetext', reading);
        input.parentElement.querySelector('.reading').textContent = reading;
      }
    });
  }

  function show(wanted) {
    put(wanted);
    draw(String(place));
    if (picture.alt !== frames[place][0]) words.textContent = picture.alt = frames[place][0];
  }

  /** Ghép hình lúc mở với phần đã đổi, ở đúng cỡ vẽ: ghép xong mới thu nhỏ thì không lộ đường nối. */
  async function draw(key) {
    const layers = [picture, ...changed(key)];
    picture.parentElement.ariaBusy = true;
    try {
      await Promise.all(layers.map(ready));
    } catch {
      for (const layer of layers) delete changes[layer.dataset.key]; // mất mạng: lần sau tải lại
      return;
    }
    if (String(place) !== key) return; // đang tải thì tay đã kéo đi chỗ khác
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    for (const layer of layers) canvas.getContext('2d').drawImage(layer, 0, 0);
    canvas.hidden = layers.length === 1;
    picture.parentElement.ariaBusy = false;
    figure.dataset.shown = key;
  }

  /** Ảnh đã về và đã giải mã. Ảnh tải lười mà chưa bắt đầu tải thì Firefox không chịu giải mã, nên đợi ảnh về trước. */
  async function ready(image) {
    image.loading = 'eager';
    if (!image.complete) {
      await new Promise((done) => { for (const end of ['load', 'error']) image.addEventListener(end, done, {once: true}); });
    }
    await image.decode();
  }

  const change = (key) => {
    changes[key] ??= Object.assign(new Image(), {src: frames[key][1]});
    changes[key].dataset.key = key;
    return changes[key];
  };
  const changed = (key) => (frames[key][1] ? [...(frames[key][2] ? changed(frames[key][2]) : []), change(key)] : []);

  /** Lần đầu tay chạm vào hình: tải trước mọi khung, gần chỗ đang đứng trước. */
  function load() {
    const away = (key) => key.split(',').reduce((sum, k, i) => sum + Math.abs(k - place[i]), 0);
    Object.keys(frames).filter((key) => frames[key][1]).sort((a, b) => away(a) - away(b)).forEach(change);
  }

  function stop() {
    clearInterval(clock);
    clock = null;
    if (play) play.textContent = 'Chạy';
    words.setAttribute('aria-live', 'polite');
  }

  function start() {
    const step = (by) => {
      const row = stops(place.slice(1)), next = row[by ? row.indexOf(place[0]) + by : 0];
      show([next, ...place.slice(1)]);
      return next === row.at(-1);
    };
    if (place[0] === stops(place.slice(1)).at(-1)) step(0);
    play.textContent = 'Dừng';
    words.setAttribute('aria-live', 'off'); // đang chạy thì trình đọc màn hình đợi, dừng mới đọc
    clock = setInterval(() => { if (step(1)) stop(); }, 100);
  }

  for (const touch of ['pointerenter', 'pointerdown', 'focusin']) figure.addEventListener(touch, load, {once: true});
  for (const input of inputs) input.addEventListener('input', () => { stop(); show(asked()); });
  play?.addEventListener('click', () => (clock ? stop() : start()));
  find('.reset').addEventListener('click', () => { stop(); show(opening); });
  put(opening);
  find('.controls').hidden = false;
}
