// Fills of the service scale for the canvas, from the same tokens as the page; excused is hatched, no data dotted: never colour alone.
import { token } from "./charts.js";

function tile(ground, draw) {
  const image = document.createElement("canvas");
  image.width = image.height = 6;
  const pen = image.getContext("2d");
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 6, 6);
  draw(pen);
  return { image, repeat: "repeat" };
}

function hatched(pen) {
  pen.strokeStyle = token("service-excused-line");
  pen.beginPath();
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift, 6);
    pen.lineTo(shift + 6, 0);
  }
  pen.stroke();
}

function dotted(pen) {
  pen.fillStyle = token("service-none-line");
  pen.fillRect(2, 2, 1.5, 1.5);
}

/** A function from a step of the scale to its fill. */
export function serviceFills() {
  const fills = { excused: tile(token("service-excused"), hatched), none: tile(token("service-none"), dotted) };
  return (step) => (fills[step] ??= token(`service-${step}`) || fills.none);
}
