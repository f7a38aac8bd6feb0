// A supervisor's screens by name; what is not here is a courier's, and leads to the tasks.
import { home } from "./home.js";
import { certificate, declaration, own } from "./own.js";
import { report } from "./report.js";
import { reports } from "./reports.js";
import { seen } from "./seen.js";
import { task } from "./task.js";

export const watchScreens = { round: home, task, report, reports, messages: reports, seen, mine: own, certificate, declaration };
export const watchShared = ["enrol", "entry", "files", "look", "outbox", "phone", "pin", "recover", "restore", "unlock"];
