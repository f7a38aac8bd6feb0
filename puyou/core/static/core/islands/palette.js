// Fills of the service scale for the canvas, from the same tokens as the page; excused is hatched, never only coloured.
import { token } from "./charts.js";

function hatch(line, ground) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const pen = tile.getContext("2d");
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = line;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift, 6);
    pen.lineTo(shift + 6, 0);
  }
  pen.stroke();
  return { image: tile, repeat: "repeat" };
}

/** A function from a step of the scale to its fill. */
export function serviceFills() {
  const fills = { excused: hatch(token("service-excused-line"), token("service-excused")) };
  return (step) => (fills[step] ??= token(`service-${step}`) || token("service-none"));
}
