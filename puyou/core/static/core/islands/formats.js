// Figures in words, as puyou/core/formats.py writes them.

/** A share between 0 and 1 as 97.3%; what is short of 1 never reads 100%, what is above 0 never reads 0%. */
export function rate(share, decimals = 1) {
  if (share === null || share === undefined || Number.isNaN(share)) return "无数据";
  const smallest = 10 ** -decimals;
  let shown = Math.round((share * 100 + Number.EPSILON) / smallest) * smallest;
  if (shown >= 100 && share < 1) shown = 100 - smallest;
  if (shown <= 0 && share > 0) shown = smallest;
  return `${shown.toFixed(decimals)}%`;
}

/** A whole number with thousands. */
export function count(value) {
  return value === null || value === undefined ? "无数据" : value.toLocaleString("en-US");
}

/** Where an axis of shares that ends at 1 begins, so that four equal steps reach it: 80 %, 90 %, 96 % … below the least. */
export function roundedFloor(least) {
  const spans = [0.02, 0.04, 0.08, 0.2, 0.4, 0.8, 1];
  return Math.round((1 - spans.find((span) => 1 - span < least || span === 1)) * 100) / 100;
}
