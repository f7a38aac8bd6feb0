// When the phone may look where it is: the courier agreed, is between 出班 and 收班, and the app is open. Nowhere else.
import { dayOf } from "../ui/times.js";
import { lastMark } from "./shift.js";

/** Pure: may the phone be asked for its position? `said`: this phone's own latest answer to the consent text. */
export function mayLook({ consent, said, entries, day, hidden }) {
  return !hidden && agreed(consent, said) === true && onShift(entries, day);
}

/** Pure: true, false, or null while unanswered; what was said on this phone is newer than what the server knew. */
export function agreed(consent, said) {
  if (said && (!consent || said.version === consent.version)) return said.agreed;
  return consent ? consent.agreed : null;
}

export function onShift(entries, day) {
  const last = lastMark(entries, day);
  return Boolean(last && last.payload.event === "start");
}

/** Start or end positioning, as it is allowed now. Gives `{consent, said, agreed, on}`. */
export async function senses(app, entries) {
  const { phone } = app;
  const [stored, said] = await Promise.all([phone.round(), phone.draft("consent")]);
  const consent = stored ? stored.consent : null;
  const on = mayLook({ consent, said, entries, day: dayOf(Date.now()), hidden: document.hidden });
  if (on) phone.approach();
  else phone.depart();
  return { agreed: agreed(consent, said), on };
}

/** 到了 outside the shift begins it: the courier is evidently out. Then a first fix is waited for, briefly. */
export async function readyToArrive(app, longest = 2500) {
  const entries = await app.phone.list({ limit: 200 });
  const day = dayOf(Date.now());
  if (!onShift(entries, day)) await app.phone.keep({ kind: "round_mark", payload: { event: "start", day } });
  const state = await senses(app, await app.phone.list({ limit: 200 }));
  if (state.on && !app.phone.location().position) await firstFix(app.phone, longest);
  return state;
}

function firstFix(phone, longest) {
  return new Promise((resolve) => {
    const end = () => {
      off();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, longest);
    const off = phone.on("location", () => {
      const { position, trouble } = phone.location();
      if (position || trouble) end();
    });
  });
}
