"""What of a saving can be banked: the rules of cashability.

| cashability           | rule                                                                    |
|-----------------------|-------------------------------------------------------------------------|
| cashable when it ends | a purchased placement releases its marginal price when it ends          |
| whole posts           | staff time, the part that is pay, in whole posts, after notice          |
| hardly                | in-house places and buildings: a small share                            |
| income                | lost income is cash lost                                                |
| ring-fenced income    | cannot be banked, gained or lost                                        |
| not cashable          | nothing                                                                 |
| programme spending    | cash, all of it                                                         |

Staff time that is needed more is bought by the hour, at its full price; only freed time waits
for a whole post. It
knows no discounting and no optimism.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.economics.amounts import Amounts
from model.economics.assumptions import Assumptions
from model.economics.price_book import PriceBook
from model.scenarios.posts import of_stages

ALL_OF_IT = ("cashable when it ends", "income", "programme spending")
HARDLY, WHOLE_POSTS = "hardly", "whole posts"
Array = NDArray[np.float64]


def cashable(found: Amounts, saved: Array, book: PriceBook, assumptions: Assumptions) -> Array:
    """The part of a saving that can be banked; shape (futures, lines, years), GBP.

    Posts are whole posts of one grade and one payer; what they release is spread over the lines
    that freed them, in proportion.

    Parameters
    ----------
    saved : in constant prices, at the price chosen. book : price levels.
    """
    how = found.lines["cashability"].to_numpy(str)
    banked = np.where(np.isin(how, ALL_OF_IT)[None, :, None], saved, 0.0)
    banked += np.where((how == HARDLY)[None, :, None], saved, 0.0) * assumptions.number(
        "cash.in_house_share"
    )
    staff = how == WHOLE_POSTS
    grades = of_stages(assumptions.posts)
    grade = np.array([getattr(grades.get(stage), "grade", "") for stage in found.lines["stage"]])
    payer = found.lines["payer"].to_numpy(str)
    for one in sorted(set(zip(grade[staff], payer[staff], strict=True))):
        chosen = staff & (grade == one[0]) & (payer == one[1])
        pay = saved[:, chosen] * assumptions.number("cash.pay_share")
        if not one[0]:
            continue  # nobody's post: time that no grade of staff is known for is not banked
        post = assumptions.posts[one[0]]
        gbp = post.gbp_per_year / book.levels.level(post.evidence.price_year)
        gbp *= book.levels.level(book.base_year)
        released = of_whole_posts(
            pay.sum(axis=1), gbp, assumptions.number("cash.notice_months"), found.shares
        )
        total = saved[:, chosen].sum(axis=1)
        released = np.where(total < 0, total, released)
        share = np.divide(released, total, out=np.zeros_like(total), where=total != 0)
        banked[:, chosen] = saved[:, chosen] * share[:, None, :]
    return banked


def of_whole_posts(
    freed_gbp: Array, gbp_per_post: float, notice_months: float, shares: Array | None = None
) -> Array:
    """What freed staff time releases: whole posts, each after its notice.

    Parameters
    ----------
    freed_gbp : pay freed in each year (below 0 where more is needed); shape (futures, years).
    gbp_per_post : a year. notice_months : of the first year of a post that goes; what is left of
        them at the end of a part of a year falls in the next.
    shares : the part of each financial year that lies in the run; None for whole years.
    """
    part = np.ones(freed_gbp.shape[1]) if shares is None else shares
    posts = np.floor(np.maximum(freed_gbp, 0.0) / (gbp_per_post * part) + 1e-9)
    before = np.concatenate([np.zeros((len(posts), 1)), posts[:, :-1]], axis=1)
    gone_anew = np.maximum(posts - before, 0.0)
    notice = np.minimum(notice_months / 12.0, part)
    left = np.zeros_like(posts)
    left[:, 1:] = (gone_anew * (notice_months / 12.0 - notice))[:, :-1]
    paid = gone_anew * notice + left
    released = np.maximum(posts * part - paid, 0.0) * gbp_per_post
    return np.where(freed_gbp < 0, freed_gbp, released)
