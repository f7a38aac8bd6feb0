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
from puyou.cases.supervisors.models.recruiting import (
    Candidate,
    CandidateReview,
    RecruitmentQuota,
    RecruitmentRound,
)
from puyou.cases.supervisors.models.tasks import Checklist, SupervisorTask, TaskAssignment, TaskResult

__all__ = [
    "AppointmentLetter",
    "Candidate",
    "CandidateReview",
    "Checklist",
    "Commendation",
    "InterestDeclaration",
    "PointEntry",
    "RecruitmentQuota",
    "RecruitmentRound",
    "Supervisor",
    "SupervisorReport",
    "SupervisorTask",
    "SupervisorTerm",
    "TaskAssignment",
    "TaskResult",
    "TrainingCompletion",
]
