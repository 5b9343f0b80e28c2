"""Deployments: our own plain form, GitHub's `deployment_status` and `release`, GitLab's deployment events.

Sources: https://docs.github.com/en/webhooks/webhook-events-and-payloads (deployment_status, release) and
https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events. What is only under way, and what a
tool says is not production, is taken and not kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import msgspec

from firstcall.detect.rules.signal import safe
from firstcall.detect.sources.alertmanager import instant
from firstcall.detect.sources.unreadable import Unreadable, check_size, from_msgspec

ENDED = {"success", "failure", "error", "failed", "canceled"}


class Named(msgspec.Struct):
    name: str = ""
    login: str = ""


class Item(msgspec.Struct):
    """Our own form: only a title is needed. `component` and `flow` are slugs or names; `at` RFC 3339."""

    title: str
    at: str = ""
    component: str = ""
    flow: str = ""
    link: str = ""
    by: str = ""
    key: str = ""


class Repository(msgspec.Struct):
    name: str = ""
    full_name: str = ""


class GitHubStatus(msgspec.Struct):
    state: str
    environment: str = ""
    target_url: str | None = ""
    created_at: str = ""
    creator: Named | None = None


class GitHubDeployment(msgspec.Struct):
    id: int
    ref: str = ""
    production_environment: bool | None = None


class GitHub(msgspec.Struct):
    deployment_status: GitHubStatus
    deployment: GitHubDeployment
    repository: Repository


class GitHubRelease(msgspec.Struct):
    id: int
    tag_name: str
    name: str | None = ""
    html_url: str = ""
    published_at: str | None = ""
    author: Named | None = None


class Release(msgspec.Struct):
    action: str
    release: GitHubRelease
    repository: Repository


class Project(msgspec.Struct):
    name: str = ""
    path_with_namespace: str = ""


class GitLab(msgspec.Struct):
    status: str
    deployment_id: int
    project: Project
    environment: str = ""
    environment_tier: str | None = None
    status_changed_at: str = ""
    deployable_url: str | None = ""
    short_sha: str = ""
    user: Named | None = None


Message = Item | GitHub | Release | GitLab | None


@dataclass(frozen=True, slots=True)
class Told:
    """One change as a tool tells it; `parts` are slugs or names it may be of, the best first. `key` '' is unknown."""

    title: str
    at: dt.datetime
    parts: tuple[str, ...] = ()
    flow: str = ""
    link: str = ""
    by: str = ""
    key: str = ""


def decode(body: bytes) -> Message:
    """The deployment, None for a ping. Raises Unreadable naming the field."""
    check_size(body)
    try:
        data = msgspec.json.decode(body)
        message: Message = None if _is_ping(data) else msgspec.convert(data, _shape(data))
    except msgspec.MsgspecError as error:
        raise from_msgspec(error) from None
    except (UnicodeDecodeError, RecursionError):
        raise Unreadable("The body is not readable JSON.") from None
    if isinstance(message, Item) and not message.title.strip():
        raise Unreadable("A title is missing: say in 'title' what was changed.", "title")
    return message


def _is_ping(data: Any) -> bool:
    return isinstance(data, dict) and "zen" in data and "hook_id" in data


def _shape(data: Any) -> Any:
    if not isinstance(data, dict):
        raise Unreadable("The body is no object: send one deployment at a time.")
    if "deployment_status" in data:
        return GitHub
    if "release" in data and "action" in data:
        return Release
    return GitLab if data.get("object_kind") == "deployment" else Item


def changes(message: Message, *, at: dt.datetime) -> list[Told]:
    """What is to be kept of it: nothing while it is under way, or not of production. `at`: when it was received."""
    if isinstance(message, Item):
        return [_own(message, at)]
    if isinstance(message, GitHub):
        return _github(message, at)
    if isinstance(message, Release):
        return _release(message, at)
    return _gitlab(message, at) if isinstance(message, GitLab) else []


def _told(title: str, at: dt.datetime, said: str, parts: tuple[str, ...], **more: str) -> Told:
    clean = {name: safe(text, most=500) for name, text in more.items()}
    link = clean.pop("link", "")
    link = link if link.startswith(("https://", "http://")) else ""
    return Told(safe(" ".join(title.split()), most=200), instant(said) or at, parts, link=link, **clean)


def _own(one: Item, at: dt.datetime) -> Told:
    return _told(
        one.title, at, one.at, (one.component,), flow=one.flow, link=one.link, by=one.by,
        key=f"own:{one.key}" if one.key else "",
    )  # fmt: skip


def _github(one: GitHub, at: dt.datetime) -> list[Told]:
    status = one.deployment_status
    if status.state not in ENDED or one.deployment.production_environment is False:
        return []
    title = f"{one.repository.name} {one.deployment.ref} → {status.environment}{_outcome(status.state)}"
    by = status.creator.login if status.creator else ""
    key = f"github:{one.repository.full_name}:{one.deployment.id}"
    return [_told(title, at, status.created_at, (one.repository.name,), link=status.target_url or "", by=by, key=key)]


def _release(one: Release, at: dt.datetime) -> list[Told]:
    if one.action != "published":
        return []
    release, by = one.release, one.release.author.login if one.release.author else ""
    title = f"{one.repository.name} {release.name or release.tag_name}"
    key = f"github:{one.repository.full_name}:release:{release.id}"
    parts = (one.repository.name,)
    return [_told(title, at, release.published_at or "", parts, link=release.html_url, by=by, key=key)]


def _gitlab(one: GitLab, at: dt.datetime) -> list[Told]:
    if one.status not in ENDED or one.environment_tier not in (None, "production"):
        return []
    title = f"{one.project.name} {one.short_sha} → {one.environment}{_outcome(one.status)}"
    changed = one.status_changed_at.replace(" ", "T", 1).replace(" ", "")
    by = one.user.name if one.user else ""
    key = f"gitlab:{one.project.path_with_namespace}:{one.deployment_id}"
    return [_told(title, at, changed, (one.project.name,), link=one.deployable_url or "", by=by, key=key)]


def _outcome(state: str) -> str:
    return "" if state == "success" else f" ({state})"
