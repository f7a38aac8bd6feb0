"""Supervisors with their terms and letters, how they are recruited, and what they are asked to look at."""

from puyou.cases.supervisors.models.people import (
    AppointmentLetter,
    Commendation,
    InterestDeclaration,
    PointEntry,
    Supervisor,
    SupervisorReport,
    SupervisorTerm,
    TrainingCompletion,
)
from puyou.cases.supervisors.models.phones import SupervisorEnvelope, SupervisorLink, SupervisorPhone
from puyou.cases.supervisors.models.recruiting import (
    Background,
    Candidate,
    CandidateReview,
    RecruitmentQuota,
    RecruitmentRound,
)
from puyou.cases.supervisors.models.tasks import (
    Checklist,
    SupervisorTask,
    TaskAssignment,
    TaskKind,
    TaskResult,
)

__all__ = [
    "AppointmentLetter",
    "Background",
    "Candidate",
    "CandidateReview",
    "Checklist",
    "Commendation",
    "InterestDeclaration",
    "PointEntry",
    "RecruitmentQuota",
    "RecruitmentRound",
    "Supervisor",
    "SupervisorEnvelope",
    "SupervisorLink",
    "SupervisorPhone",
    "SupervisorReport",
    "SupervisorTask",
    "SupervisorTerm",
    "TaskAssignment",
    "TaskKind",
    "TaskResult",
    "TrainingCompletion",
]
