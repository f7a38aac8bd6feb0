// The guide's pictures by their file names; the build gives them hashed addresses.
import round from "../../../docs/images/field-round.png";
import visit from "../../../docs/images/field-visit.png";
import kept from "../../../docs/images/field-kept.png";
import outbox from "../../../docs/images/field-outbox.png";

export const pictures = { "field-round.png": round, "field-visit.png": visit, "field-kept.png": kept, "field-outbox.png": outbox };
