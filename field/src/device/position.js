// Positions from the browser.

const WHY = { 1: "denied", 2: "unavailable", 3: "timeout" };
const HOW = { enableHighAccuracy: true, maximumAge: 0, timeout: 30000 };

/** @returns {import("./bridge.js").Bridge["position"]} */
export function webPosition({ navigator }) {
  const geolocation = navigator && navigator.geolocation;
  return {
    watch(onFix, onTrouble) {
      if (!geolocation) return onTrouble("unavailable"), () => {};
      const watching = geolocation.watchPosition((found) => onFix(fixOf(found)), (error) => onTrouble(WHY[error.code] || "unavailable"), HOW);
      return () => geolocation.clearWatch(watching);
    },
  };
}

const fixOf = ({ coords, timestamp }) => ({ lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy, at: timestamp });
