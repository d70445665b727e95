"""A packed tree is worth exactly what its questions are worth one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import loop_case
import pytest
import tiny
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny import make_chunk

from builder.prompt import Persona
from builder.training.examples import Bundle, Item
from builder.training.packing import (
    Branch,
    Tree,
    answer_loss,
    encode_bundle,
    fit,
    pack,
    total_tokens,
)

SHAPES = [
    pytest.param(20, ((5, 3), (9, 6), (4, 1)), id="three"),
    pytest.param(30, ((7, 12),), id="one"),
    pytest.param(1, ((3, 2), (3, 2)), id="short prefix"),
]


def singles(tree: Tree) -> list[Tree]:
    return [Tree(tree.prefix, (branch,)) for branch in tree.branches]


def plain_loss(model: Any, tree: Tree) -> Any:
    """What Transformers itself says of one example: its own mask, its own shift."""
    (branch,) = tree.branches
    head = [*tree.prefix, *branch.question]
    ids = torch.tensor([[*head, *branch.answer]])
    labels = torch.tensor([[-100] * len(head) + list(branch.answer)])
    return model(input_ids=ids, labels=labels).loss * len(branch.answer)


def gradients(model: Any, loss: Any) -> torch.Tensor:
    model.zero_grad()
    loss.backward()
    found = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
    return torch.cat(found)


@pytest.mark.parametrize(("prefix", "branches"), SHAPES)
def test_loss_and_gradients_of_a_tree_are_the_sum_of_its_examples(
    make_tree: Callable[..., Tree], prefix: int, branches: tuple[tuple[int, int], ...]
) -> None:
    model = tiny.make_llama()
    tree = make_tree(3, prefix, *branches)
    together = answer_loss(model, pack(tree, "cpu"))
    apart = sum(answer_loss(model, pack(one, "cpu")) for one in singles(tree))
    plain = sum(plain_loss(model, one) for one in singles(tree))
    assert together.item() == pytest.approx(apart.item(), abs=1e-4)
    assert together.item() == pytest.approx(plain.item(), abs=1e-4)

    packed_gradient = gradients(model, together)
    plain_gradient = gradients(model, plain)
    assert torch.allclose(packed_gradient, plain_gradient, atol=1e-5)
    assert plain_gradient.norm() > 0.1


@pytest.mark.parametrize("window", [4, 100])
def test_layers_with_a_window_see_no_further_in_a_tree(
    make_tree: Callable[..., Tree], window: int
) -> None:
    model = tiny.make_gemma(window)
    tree = make_tree(3, 20, (9, 6), (5, 3))
    with torch.no_grad():
        together = answer_loss(model, pack(tree, "cpu"))
        apart = sum(plain_loss(model, single) for single in singles(tree))
        wider = answer_loss(tiny.make_gemma(1000), pack(tree, "cpu"))
    assert torch.allclose(together, apart, atol=1e-3)
    assert torch.allclose(together, wider, atol=1e-3) is (window == 100)


def test_an_adapter_gets_the_same_gradients_packed_as_apart(
    make_tree: Callable[..., Tree],
) -> None:
    model = loop_case.make_model()
    for name, parameter in model.named_parameters():
        if "lora_B" in name:  # zero at first, and then nothing reaches lora_A
            torch.nn.init.normal_(parameter, std=0.1)
    tree = make_tree(4, 15, (4, 5), (6, 3))
    together = gradients(model, answer_loss(model, pack(tree, "cpu")))
    apart = gradients(model, sum(plain_loss(model, one) for one in singles(tree)))
    assert torch.allclose(together, apart, atol=1e-5)


def test_branches_do_not_see_each_other(make_tree: Callable[..., Tree]) -> None:
    model = tiny.make_llama()
    tree = make_tree(5, 12, (5, 4), (6, 5), (4, 3))
    other = make_tree(6, 12, (5, 4), (8, 2), (4, 3)).branches[1]
    changed = Tree(tree.prefix, (tree.branches[0], other, tree.branches[2]))

    def rest(whole: Tree) -> float:
        """Loss of the whole without its middle branch."""
        middle = Tree(whole.prefix, (whole.branches[1],))
        both = answer_loss(model, pack(whole, "cpu")), answer_loss(model, pack(middle, "cpu"))
        return float(both[0] - both[1])

    with torch.no_grad():
        assert rest(tree) == pytest.approx(rest(changed), abs=1e-4)


def test_a_branch_sees_the_whole_prefix_and_its_own_question(
    make_tree: Callable[..., Tree],
) -> None:
    packed = pack(make_tree(7, 3, (2, 1), (1, 2)), "cpu")
    # Columns: prefix 0–2, first branch 3–5, second branch 6–8.
    seen = packed.visible[0, 0].int().tolist()
    assert seen == [
        [1, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0, 0, 1, 0, 0],
        [1, 1, 1, 0, 0, 0, 1, 1, 0],
        [1, 1, 1, 0, 0, 0, 1, 1, 1],
    ]
    assert packed.positions[0].tolist() == [0, 1, 2, 3, 4, 5, 3, 4, 5]


def test_the_loss_is_on_the_answers_and_their_end_alone(make_tree: Callable[..., Tree]) -> None:
    tree = make_tree(8, 10, (4, 3), (5, 4))
    packed = pack(tree, "cpu")
    answers = [token for branch in tree.branches for token in branch.answer]
    assert packed.targets.tolist() == answers
    assert packed.targets.tolist().count(257) == len(tree.branches)
    after = packed.ids[0, packed.predicting + 1]
    assert after.tolist() == answers  # each place predicts the token that follows it
    assert tree.answer_tokens == len(answers)


def test_a_bundle_becomes_a_tree_whose_answers_end(tokenizer: Any) -> None:
    passages = (make_chunk("a", "Goods may be returned within 14 days."),)
    items = (Item("How long?", "14 days.", 1), Item("Who pays?", "Not said.", None))
    tree = encode_bundle(tokenizer, Persona("Guide", "help"), Bundle(passages, items))
    said = [tokenizer.decode(branch.answer) for branch in tree.branches]
    assert said == ["14 days. [1]<|im_end|>", "Not said.<|im_end|>"]
    assert "within 14 days" in tokenizer.decode(tree.prefix)


BRANCHES = st.lists(
    st.builds(
        Branch,
        st.lists(st.integers(0, 9), min_size=1, max_size=9).map(tuple),
        st.lists(st.integers(0, 9), min_size=1, max_size=9).map(tuple),
    ),
    min_size=1,
    max_size=9,
).map(tuple)
TREES = st.builds(Tree, st.lists(st.integers(0, 9), min_size=1, max_size=30).map(tuple), BRANCHES)


@given(st.lists(TREES, max_size=4), st.integers(1, 80))
def test_fitting_divides_by_branches_and_cuts_nothing(trees: list[Tree], limit: int) -> None:
    fitted = list(fit(trees, limit))
    assert [(t.prefix, b) for t in fitted for b in t.branches] == [
        (t.prefix, b) for t in trees for b in t.branches
    ]
    assert all(len(tree) <= limit or len(tree.branches) == 1 for tree in fitted)
    assert total_tokens(fitted) >= total_tokens(trees)


@pytest.mark.slow
def test_with_the_embedded_model_a_tree_is_worth_what_transformers_says(
    embedded_model: Any,
) -> None:
    from transformers import AutoModelForCausalLM

    from builder.models.language_model import load_tokenizer

    tokenizer = load_tokenizer(embedded_model)
    model = AutoModelForCausalLM.from_pretrained(embedded_model.location, dtype=torch.float32)
    passages = (
        make_chunk("a", "Goods may be returned within 14 days of delivery."),
        make_chunk("b", "Delivery takes three days and is free from 50 euros."),
    )
    items = (
        Item("How long may goods be returned?", "Within 14 days of delivery.", 1),
        Item("From what amount is delivery free?", "From 50 euros.", 2),
    )
    tree = encode_bundle(tokenizer, Persona("Guide", "help"), Bundle(passages, items))
    with torch.no_grad():
        together = answer_loss(model, pack(tree, "cpu"))
        plain = sum(plain_loss(model, one) for one in singles(tree))
    assert together.item() == pytest.approx(plain.item(), rel=1e-4)
