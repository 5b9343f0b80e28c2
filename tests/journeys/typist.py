"""Somebody at the real pages, without a browser: presses what the served page offers, fills in what it labels.

A label that stands over several fields takes a list, one for each from the top.
A field that is not on the page, a choice that is not offered or a refusal fails with what the page said. Scripts do
not run: every page works without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

Said = str | Iterable[str]
SINGLE = {"input", "br", "img", "link", "meta", "hr", "wbr", "source", "col"}


@dataclass(slots=True)
class Field:
    """An input, select or text area: its kind, what it holds now, and what it offers (the words to the value)."""

    name: str
    kind: str
    value: str = ""
    on: bool = False
    ids: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Shown:
    """A form as it was served. `buttons` are words to (name, value)."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Reader(HTMLParser):
    """The forms, labels, links and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Shown] = []
        self.outside = Shown("", "")  # fields that name their form by its id are not used here
        self.labels: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self._form: Shown | None = None
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._select: Field | None = None
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Shown(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "input":
            self._input(said)
        elif tag == "select":
            self._select = Field(
                said.get("name", ""), "many" if "multiple" in said else "select", ids=said.get("id", "")
            )
            self._keep(self._select)
        if tag not in SINGLE:
            self._open.append((tag, said, []))

    def _keep(self, found: Field) -> None:
        if found.name and self._form is not None:
            self._form.fields.append(found)

    def _input(self, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        if kind in ("submit", "image", "button", "reset", "file"):
            return
        found = Field(said.get("name", ""), kind, said.get("value", "on" if kind == "checkbox" else ""))
        found.ids, found.on = said.get("id", ""), "checked" in said or kind not in ("checkbox", "radio")
        self._keep(found)
        for tag, label, _words in reversed(self._open):
            if tag == "label" and not label.get("for"):
                label["for"] = found.ids or f"within:{found.name}:{found.value}"
                found.ids = label["for"]

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, said, words = self._open.pop()
            self._closed(name, said, " ".join("".join(words).split()))
            if name == tag:
                break
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = None

    def _closed(self, tag: str, said: dict[str, str], words: str) -> None:
        if tag == "label":
            self.labels.setdefault(words, []).append(said.get("for", ""))
        elif tag == "a" and said.get("href"):
            self.links.setdefault(words, said["href"])
        elif tag == "option" and self._select is not None:
            value = said.get("value", words)
            self._select.options[words] = value
            if "selected" in said or (self._select.kind == "select" and len(self._select.options) == 1):
                self._select.value = value
        elif tag == "textarea":
            self._keep(Field(said.get("name", ""), "text", words, on=True, ids=said.get("id", "")))
        elif tag == "button" and said.get("type", "submit") == "submit" and self._form is not None:
            self._form.buttons[words or said.get("aria-label", "")] = (said.get("name", ""), said.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for _tag, _said, words in self._open:
            words.append(data)

    def ids_of(self, label: str) -> list[str]:
        """The fields that a label names: the label's words, or their beginning before a hint."""
        exact = self.labels.get(label)
        if exact is not None:
            return exact
        return [ids for words, found in self.labels.items() if words.startswith(label) for ids in found]


class Typist:
    """A person signed in, or not, at the pages of one installation."""

    def __init__(self, client: Client) -> None:
        self.client, self.path, self.page = client, "/", Reader("")

    def go(self, path: str) -> Typist:
        """Open an address."""
        return self._shown(self.client.get(path, follow=True), f"GET {path}", path)

    def follow(self, link: str) -> Typist:
        """Press a link by its words."""
        assert link in self.page.links, f"{self.path} has no link '{link}': {sorted(self.page.links)}"
        return self.go(urljoin(self.path, self.page.links[link]))

    def press(self, button: str, said: Mapping[str, Said] | None = None, *, form: str = "") -> Typist:
        """Fill in by label and press a button. `form`: part of the form's address, where the page has more of them."""
        shown = self._form(button, form, said or {})
        fields = [Field(one.name, one.kind, one.value, one.on, one.ids, one.options) for one in shown.fields]
        for label, value in (said or {}).items():
            self._fill(fields, label, value)
        data: dict[str, list[str]] = {}
        for one in fields:
            if one.kind == "many":
                data.setdefault(one.name, []).extend(one.value.split("\n") if one.value else [])
            elif one.on or one.kind == "select":
                data.setdefault(one.name, []).append(one.value)
        name, value = shown.buttons[button]
        if name:
            data[name] = [value]
        path = urljoin(self.path, shown.action) if shown.action else self.path
        send = self.client.post if shown.method == "post" else self.client.get
        return self._shown(send(path, data, follow=True), f"{button} at {self.path} with {data}", path)

    def _form(self, button: str, part: str, said: Mapping[str, Said]) -> Shown:
        found = [one for one in self.page.forms if button in one.buttons and part in one.action]
        fitting = [one for one in found if all(self._named(one.fields, label) for label in said)]
        assert fitting, (
            f"{self.path} has no form with '{button}' and {list(said)}. Buttons: "
            f"{[list(one.buttons) for one in self.page.forms]}; labels: {sorted(self.page.labels)}"
        )
        return fitting[0]

    def _named(self, fields: list[Field], label: str) -> list[Field]:
        ids = self.page.ids_of(label)
        return [one for one in fields if one.ids in ids and one.ids]

    def _fill(self, fields: list[Field], label: str, said: Said) -> None:
        chosen = [said] if isinstance(said, str) else list(said)
        named = self._named(fields, label)
        assert named, f"{self.path} has no field '{label}'"
        kind = named[0].kind
        if kind in ("checkbox", "radio"):
            assert len(chosen) == 1, "tick boxes one by one"
            for one in fields:
                if kind == "radio" and one.name == named[0].name:
                    one.on = False
            named[0].on = chosen[0] != ""
        elif kind in ("select", "many"):
            offered = named[0].options
            assert set(chosen) <= set(offered), f"'{label}' offers {list(offered)}, not {chosen}"
            if kind == "many":
                named[0].value = "\n".join(offered[one] for one in chosen)
            for one, value in zip(named if kind == "select" else [], chosen, strict=False):
                one.value = offered[value]
        else:
            for one, value in zip(named, chosen, strict=False):
                one.value = value

    def _shown(self, answer: object, what: str, path: str) -> Typist:
        chain = getattr(answer, "redirect_chain", [])
        self.path = urlsplit(urljoin(path, chain[-1][0])).path if chain else urlsplit(path).path
        self.page = Reader(answer.content.decode())  # type: ignore[attr-defined]
        status = answer.status_code  # type: ignore[attr-defined]
        assert status == 200, f"{what}: {status}: {re.sub('.*<main', '', self.page.text)[:1500]}"
        return self
