// Where the main sheet and the South China Sea inset stand on a stage: true to scale, and the inset covers no land.
import { project } from "./geometry.js";

const EDGE = 16;
const FOOT = 30;
const INSET_SHAPE = 0.73;
const [, SOUTH_OF_TAIWAN] = project([120.9, 21.7]);

/** The size of the inset on a stage `{width, height}` in pixels. */
export function insetSize({ width, height }) {
  const tall = Math.round(Math.min(132, Math.max(80, 0.25 * height), (0.24 * width) / INSET_SHAPE));
  return { width: Math.round(tall * INSET_SHAPE), height: tall };
}

/**
 * Boxes `{left, top, width, height}` in pixels for bounds `[west, south, east, north]` in kilometres on a stage:
 * `main` keeps the shape of the bounds; `inset` is the frame in the lower right corner, or null. It stands below Taiwan
 * where Taiwan is on the sheet, else beside the sheet.
 */
export function layout(stage, [west, south, east, north], withInset) {
  const size = insetSize(stage);
  const below = withInset && north > SOUTH_OF_TAIWAN;
  const beside = withInset && !below ? size.width + EDGE : 0;
  const room = { width: stage.width - 2 * EDGE - beside, height: stage.height - EDGE - FOOT };
  let scale = Math.min(room.width / (east - west), room.height / (north - south));
  if (below) scale = Math.min(scale, (stage.height - size.height - EDGE - 14) / (north - SOUTH_OF_TAIWAN));
  const [width, height] = [scale * (east - west), scale * (north - south)];
  const top = below ? EDGE : EDGE + (room.height - height) / 2;
  const inset = withInset ? { ...size, left: stage.width - size.width - 4, top: stage.height - size.height - 4 } : null;
  return { main: { left: EDGE + (room.width - width) / 2, top, width, height }, inset, scale };
}

/** The box of the inset's map inside its frame, with room for its name above; keeps the shape of its bounds. */
export function insideInset(frame, [west, south, east, north]) {
  const room = { width: frame.width - 8, height: frame.height - 24 };
  const scale = Math.min(room.width / (east - west), room.height / (north - south));
  const [width, height] = [scale * (east - west), scale * (north - south)];
  return { left: frame.left + (frame.width - width) / 2, top: frame.top + 20 + (room.height - height) / 2, width, height };
}
