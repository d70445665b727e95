"""What a training curve says: when to stop, and in plain words how it went."""

from __future__ import annotations

from collections.abc import Sequence

from builder.training.checkpoint import Point

RISE = 1.02  # of the best validation loss: less is noise


def validated(curve: Sequence[Point]) -> list[tuple[int, float]]:
    """(step, validation loss) of the steps at which it was taken."""
    return [(p.step, p.validation) for p in curve if p.validation is not None]


def impatient(curve: Sequence[Point], patience: int) -> bool:
    """Whether the last `patience` validations were all no better than the best before them."""
    losses = [loss for _, loss in validated(curve)]
    if not patience or len(losses) <= patience:
        return False
    return min(losses[-patience:]) >= min(losses[:-patience])


def warnings(curve: Sequence[Point], total_steps: int) -> tuple[str, ...]:
    """What the owner should know of the run; nothing when it went well."""
    taken = validated(curve)
    if not taken:
        return ("nothing was held back for validation, so overfitting could not be seen",)
    (best_step, best), (last_step, last) = min(taken, key=lambda p: p[1]), taken[-1]
    out = []
    if last > best * RISE:
        out.append(
            f"overfitting: after step {best_step} the model learned its examples by heart and got "
            f"worse on others (validation loss {best:.3f}, then {last:.3f} at step {last_step}); "
            f"step {best_step} was kept. More documents or fewer epochs would help"
        )
    elif best_step == total_steps and len(taken) > 1 and best < taken[-2][1] / RISE:
        out.append(
            "it was still getting better at the end: more `training.epochs` or "
            "`training.max_minutes` may help"
        )
    scores = [(p.step, p.quality) for p in curve if p.quality is not None]
    kept = dict(scores).get(best_step)
    if kept is not None and kept + 0.1 < max(score for _, score in scores):
        step = max(scores, key=lambda p: p[1])[0]
        out.append(
            f"its own answers were better at step {step} than at step {best_step}, which was kept "
            "for its loss: look at the evaluation before deploying it"
        )
    return tuple(out)
