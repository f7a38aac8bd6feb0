// The button that fills in where a phone is: only where a phone can tell; without it people search by name.
const SAID = {
  1: "没有允许使用位置，请按名称查找。",
  2: "现在取不到位置，请按名称查找。",
  3: "取位置用时太久，请再试或按名称查找。",
};

/** Offer the position to one form: asked for when the button is pressed, sent once it is known. */
export function startHere(form, geolocation = globalThis.navigator?.geolocation) {
  if (!geolocation || !globalThis.isSecureContext) return;
  const said = form.querySelector("[data-here-said]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.lon.value) return;
    event.preventDefault();
    said.textContent = "正在取位置……";
    geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude;
        form.elements.lat.value = coords.latitude;
        form.requestSubmit();
      },
      (error) => {
        said.textContent = SAID[error.code] ?? SAID[2];
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}
