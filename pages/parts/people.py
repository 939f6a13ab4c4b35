"""Who may look, and who may upload: by the council's own sign-on, or by being at this computer.

Without sign-on the app serves this computer only (`.streamlit/config.toml`), and whoever is at it
may upload. With it (`[auth]` in `.streamlit/secrets.toml`, see docs/serving.md) people sign on
first; two settings of the environment say who may come in and who may upload.
"""

from __future__ import annotations

import os

import streamlit as st

MEMBERS = "FAMILY_PATHWAYS_MEMBERS"  # who may look: addresses, or @domains, with commas between
UPLOADERS = "FAMILY_PATHWAYS_UPLOADERS"  # who may upload, in the same way


def let_in() -> None:
    """Go on for those who may look; ask everybody else to sign on, and stop there."""
    if not has_sign_on():
        return
    if not signed_on():
        st.title("Family Pathways")
        st.markdown("Sign on with your council account to go on.")
        st.button("Sign on", on_click=st.login, type="primary", icon=":material/login:")
        st.stop()
    if not is_listed(address(), os.environ.get(MEMBERS, "*")):
        st.title("Family Pathways")
        st.error(
            "Your account is not on the list of those who may use this. Ask whoever runs it.",
            icon=":material/lock:",
        )
        st.button("Sign off", on_click=st.logout, icon=":material/logout:")
        st.stop()


def may_upload() -> bool:
    """Whether this person may upload returns."""
    if not has_sign_on():
        return UPLOADERS not in os.environ  # a list of people means nothing without sign-on
    return signed_on() and is_listed(address(), os.environ.get(UPLOADERS, ""))


def why_not() -> str:
    """What somebody who may not upload is told."""
    return (
        "Uploading is for those whom the people who run this server have listed "
        f"(`{UPLOADERS}`, see docs/serving.md)."
    )


def has_sign_on() -> bool:
    """Whether people sign on here."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def signed_on() -> bool:
    """Whether this person has signed on."""
    return bool(getattr(st.user, "is_logged_in", False))


def address() -> str:
    """The e-mail address that the sign-on vouches for; empty where it vouches for none."""
    claims = st.user.to_dict() if signed_on() else {}
    if claims.get("email_verified", True) is False:
        return ""
    return str(claims.get("email", ""))


def is_listed(who: str, listed: str) -> bool:
    """Whether an address is on a list of addresses and @domains; ``*`` lists everybody.

    >>> is_listed("A.Lead@sefton.gov.uk", "@sefton.gov.uk"), is_listed("x@evil.uk", "a@evil.uk")
    (True, False)
    >>> is_listed("lead@notsefton.gov.uk", "@sefton.gov.uk"), is_listed("", "@sefton.gov.uk")
    (False, False)
    """
    entries = [one.strip().lower() for one in listed.split(",") if one.strip()]
    if "*" in entries:
        return True
    name = who.strip().lower()
    domain = "@" + name.rpartition("@")[2]
    return bool(name) and (name in entries or domain in entries)
