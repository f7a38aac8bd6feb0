// Points of the earth on a flat sheet: distances between them, and where they are drawn.
const radius = 6_371_008.8;
const radians = Math.PI / 180;

/** Metres between two places `{lon, lat}`. */
export function distance(one, other) {
  const height = Math.sin(((other.lat - one.lat) * radians) / 2) ** 2;
  const width = Math.sin(((other.lon - one.lon) * radians) / 2) ** 2;
  const share = height + Math.cos(one.lat * radians) * Math.cos(other.lat * radians) * width;
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(share)));
}

/** A way from places to a sheet of width × height that shows all of them, the same scale both ways, north up. */
export function sheetOf(places, width, height, margin = 36) {
  const lons = places.map((place) => place.lon);
  const lats = places.map((place) => place.lat);
  const middle = { lon: (Math.min(...lons) + Math.max(...lons)) / 2, lat: (Math.min(...lats) + Math.max(...lats)) / 2 };
  const narrow = Math.cos(middle.lat * radians);
  const across = Math.max((Math.max(...lons) - Math.min(...lons)) * narrow, 0.004);
  const up = Math.max(Math.max(...lats) - Math.min(...lats), 0.004);
  const scale = Math.min((width - 2 * margin) / across, (height - 2 * margin) / up);
  const at = (place) => ({
    x: width / 2 + (place.lon - middle.lon) * narrow * scale,
    y: height / 2 - (place.lat - middle.lat) * scale,
  });
  return { at, perMetre: scale / (radius * radians) };
}
