// Reading the table that a figure draws: the picture never knows more than the table says.

/** A place code as the boundaries and the tables both write it: twelve digits. */
export function fullCode(code) {
  return String(code ?? "").padEnd(12, "0");
}

function number(text) {
  return text === undefined || text === "" ? null : Number(text);
}

/** What a row says in words: its heading, then a line per visible cell with a label. */
export function told(name, cells) {
  const lines = cells.filter(({ label, text }) => label && text && text !== name).map(({ label, text }) => `${label}　${text}`);
  return [name, ...lines.slice(0, 7)].join("\n");
}

function readRow(row) {
  const cells = [...row.cells].map((cell) => ({ label: cell.dataset.label, text: cell.textContent.trim().replace(/\s+/g, " ") }));
  const name = row.dataset.name ?? row.querySelector("th")?.textContent.trim() ?? cells[0]?.text ?? "";
  const link = row.querySelector("th a[href], td a[href]");
  return {
    row,
    name,
    code: row.dataset.code ? fullCode(row.dataset.code) : "",
    step: row.dataset.step || "none",
    kind: row.dataset.kind || "",
    lon: number(row.dataset.lon),
    lat: number(row.dataset.lat),
    href: link?.href ?? "",
    told: told(name, cells.filter((_, at) => getComputedStyle(row.cells[at]).display !== "none")),
  };
}

/** The rows that a map draws: `{row, name, code, step, kind, lon, lat, href, told}`. */
export function readPlaces(figure) {
  return [...figure.querySelectorAll("tr[data-code], tr[data-lon]")].map(readRow);
}

/** One week of a trend from a row's data attributes: shares between 0 and 1, null where there is none. */
export function readWeek({ label = "", rate, provisional = "", festival = "" }) {
  return { label, rate: number(rate), provisional: provisional !== "", festival };
}

/** The weeks that a trend draws, in the table's order (oldest first): `{label, rate, provisional, festival, href}`. */
export function readWeeks(figure) {
  return [...figure.querySelectorAll("tr[data-label]")].map((row) => ({
    ...readWeek(row.dataset),
    href: row.querySelector("a[href]")?.href ?? "",
  }));
}
