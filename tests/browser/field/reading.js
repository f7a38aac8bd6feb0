// What is wrong with the screen as it stands: functions by name, each gives a list of what offends.
({
  nameless() {
    const controls = [...document.querySelectorAll("a, button, input, textarea, select, [role=button]")];
    const named = (one) => one.getAttribute("aria-label") || one.textContent.trim() || (one.labels && one.labels.length);
    return controls.filter((one) => one.getClientRects().length && !named(one)).map((one) => one.outerHTML.slice(0, 120));
  },
  small() {
    const wanted = "a, button, input:not([type=radio]):not([type=checkbox]):not(.hidden), textarea";
    return [...document.querySelectorAll(wanted)]
      .map((one) => [one, one.getBoundingClientRect()])
      .filter(([, box]) => box.width && (box.height < 47.5 || box.width < 44))
      .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`);
  },
  wide() {
    const beyond = (one) => one.getBoundingClientRect().width && one.getBoundingClientRect().right > innerWidth + 1;
    return [...document.querySelectorAll("body *")]
      .filter((one) => !one.closest("svg, .hidden") && beyond(one))
      .map((one) => one.outerHTML.slice(0, 120));
  },
  faint() {
    const channel = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const parts = (text) => [...text.match(/[\d.]+/g).map(Number), 1].slice(0, 4);
    const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
    const ground = (node) => {
      for (let one = node; one; one = one.parentElement) {
        const colour = parts(getComputedStyle(one).backgroundColor);
        if (colour[3] > 0.9) return colour;
      }
      return [255, 255, 255, 1];
    };
    const contrast = (node) => {
      const both = [light(parts(getComputedStyle(node).color)), light(ground(node))];
      return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
      const text = texts.currentNode.textContent.trim();
      const node = texts.currentNode.parentElement;
      if (!text || !node.getClientRects().length || node.closest(".hidden, svg, [disabled]")) continue;
      if (contrast(node) < 4.5) found.push(`${text.slice(0, 30)} ${contrast(node).toFixed(2)}`);
    }
    return found;
  },
})
