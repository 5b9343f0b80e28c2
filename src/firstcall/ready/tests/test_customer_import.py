"""Customers from a file: a row that is not right is named and not imported; what was seen is what is done."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.kernel.say import plain
from firstcall.people.queries.actor import actor_of
from firstcall.ready.commands.customer import add_customer, change_customer, set_contact
from firstcall.ready.commands.customer_import import import_customers
from firstcall.ready.commands.preview import choose_columns, keep_preview
from firstcall.ready.handlers.preview import forget_due
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from firstcall.ready.queries.customer_import import plan_of, read_there
from firstcall.ready.rules.customer_import import Known, Person, Plan, There, guess_columns, plan_import
from firstcall.ready.rules.table import read_table
from tests.cast import Cast
from tests.holds import Holds

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
SAY: dict[str, Any] = {"by": MACHINE, "now": NOW}
EMPTY = {"key": "", "tier": "", "contract": False, "service_level": "", "minutes_a_month": None, "phone": "",
         "account_owner": "", "flows": ()}  # fmt: skip
BAKERY = Known(7, {**EMPTY, "name": "Bakery Union", "key": "42", "tier": "gold", "flows": ("checkout",)},
               (Person("Eve", "buyer", "eve@example.com", "+49 30 1", 3),))  # fmt: skip
KIOSK = Known(8, {**EMPTY, "name": "Kiosk"})
THERE = There(
    (BAKERY, KIOSK, Known(9, {**EMPTY, "name": "Filed"}, origin="catalog.yaml"),
     Known(10, {**EMPTY, "name": "Grill"}, sample=True), Known(11, {**EMPTY, "name": "Twin"}),
     Known(12, {**EMPTY, "name": "TWIN"})),
    {"checkout": "checkout", "pay out": "payouts", "payouts": "payouts", "two": ""},
    {"ada@example.com": "ada@example.com", "ada": "ada@example.com"},
)  # fmt: skip


def plan(text: str, there: There = THERE) -> Plan:
    table = read_table(text)
    return plan_import(table, guess_columns(table.header.cells), there)


def bad(found: Plan) -> list[tuple[int, str, str]]:
    return [(one.line, wrong.field, plain(wrong.sentence)) for one in found.bad for wrong in one.wrong]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (("Name", "Tier", "E-Mail", "Mobile"), ("name", "tier", "contact_email", "contact_phone")),
        (("Company", "Customer ID", "Account manager"), ("name", "key", "account_owner")),
        (("customer_name", "Has a contract", "Uses", "SLA"), ("name", "contract", "flows", "service_level")),
        (("Name", "name", "Colour", ""), ("name", "", "", "")),
    ],
)
def test_columns_are_found_by_their_usual_names(header: tuple[str, ...], fields: tuple[str, ...]) -> None:
    assert guess_columns(header) == fields


def test_without_a_name_nothing_is_planned() -> None:
    found = plan("Colour,Tier\nred,gold")
    assert found.missing is not None and plain(found.missing) == "Say which column holds the name."
    assert (found.made, found.changed, found.bad) == ((), (), ())


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (",9,,,,,,,,,,", "name", "No customer has this number yet, and there is no name here."),
        (",,gold,,,,,,,,,", "name", "There is no name here."),
        ("N" * 121 + ",,,,,,,,,,,", "name", "This is 121 characters long; 120 fit."),
        ("New,,,perhaps,,,,,,,,", "contract", "“perhaps” is neither yes nor no."),
        ("New,,,,99.9,,,,,,,", "minutes_a_month", "Write whole minutes from 0 to 44640, without other signs."),
        ("New,,,,44641,,,,,,,", "minutes_a_month", "Write whole minutes from 0 to 44640, without other signs."),
        ("New,,,,,later,,,,,,", "phone", "“later” is no telephone number."),
        ("New,,,,,4.93E+11,,,,,,", "phone", "A spreadsheet has shortened this number: make the column text there."),
        ("New,,,,,,zoe@example.com,,,,,", "account_owner",
         "Nobody here has the mail address or the name “zoe@example.com”."),
        ("New,,,,,,,Chekout,,,,", "flows", "There is no flow “Chekout”. Did you mean “checkout”?"),
        ("New,,,,,,,two,,,,", "flows", "Several have the name “two”: write the mail address or the slug."),
        ("New,,,,,,,,Eve,,eve at example,", "contact_email", "“eve at example” is no mail address."),
        ("New,,,,,,,,,,eve@example.com,", "contact_name", "There is a way to reach somebody here, but no name."),
        ("Kiosk,42,,,,,,,,,,", "key", "The number is that of Bakery Union, the name that of another customer."),
        ("Bakery Union,43,,,,,,,,,,", "key",
         "Bakery Union has the number 42 here: is this another customer of that name?"),
        ("Filed,,,,,,,,,,,", "name",
         "This customer comes from catalog.yaml: change it there and apply the file again."),
        ("Grill,,,,,,,,,,,", "name", "This customer is one of the sample company: remove that first."),
        ("twin,,,,,,,,,,,", "name", "Several customers have this name: write it as it is here."),
        ("New,,,,,,,,,,,,x", "",
         "This row has 13 cells, the first line only 12: does a text hold the separating sign?"),
    ],
)  # fmt: skip
def test_each_wrong_is_named_by_its_line_and_field_and_the_rest_is_planned(row: str, field: str, words: str) -> None:
    header = "name,key,tier,contract,minutes,phone,owner,uses,contact,role,email,mobile"
    found = plan(f"{header}\nFirst,,,,,,,,,,,\n{row}\nLast,,,,,,,,,,,")
    assert bad(found) == [(3, field, words)]
    assert [entry.name for entry in found.made] == ["First", "Last"]


def test_a_row_says_all_that_is_wrong_with_it() -> None:
    assert [field for _line, field, _words in bad(plan("name,phone,contract,uses\nNew,x,perhaps,none"))] == [
        "contract", "phone", "flows",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("name\nNew\nnew", [(3, "name")]),
        ("name,key\nNew,1\nOther,1", [(3, "name")]),
        ("name,key\nBakery Union,\n,42", [(3, "name")]),
        ("name,contact\nNew,Eve\nNew,Dana\nNew,eve", [(4, "contact_name")]),
        ("name,contact,tier\nNew,Eve,gold\nNew,Dana,silver", [(3, "name")]),
        ("name,phone,contact\nNew,x,Eve\nNew,,Dana", [(2, "phone"), (3, "name")]),
    ],
)
def test_the_same_customer_twice_is_wrong_unless_it_adds_a_person(text: str, lines: list[tuple[int, str]]) -> None:
    assert [(line, field) for line, field, _words in bad(plan(text))] == lines


def test_further_rows_add_people() -> None:
    (entry,) = plan("name,tier,contact,email\nNew,gold,Eve,eve@example.com\nNEW,,Dana,\nNew,gold,Ada,").made
    assert (entry.facts, [one.name for one in entry.people]) == (
        {"name": "New", "tier": "gold"}, ["Eve", "Dana", "Ada"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "number", "fields", "people"),
    [
        ("key,tier\n42,silver", 7, (("tier", "gold", "silver"),), []),
        ("name,key\nUnion of Bakers,42", 7, (("name", "Bakery Union", "Union of Bakers"),), []),
        ("name,key\nkiosk,5", 8, (("name", "Kiosk", "kiosk"), ("key", "", "5")), []),
        ("name,uses\nBakery Union,Pay out|checkout", 7, (("flows", ("checkout",), ("checkout", "payouts")),), []),
        ("name,owner,contract\nKiosk,ADA,x", 8,
         (("contract", False, True), ("account_owner", "", "ada@example.com")), []),
        ("name,contact,email,mobile\nBakery Union,Evelyn,EVE@example.com,+49 30 2", 7, (),
         [Person("Evelyn", "buyer", "EVE@example.com", "+49 30 2", 3)]),
        ("name,contact\nBakery Union,Dana", 7, (), [Person("Dana")]),
    ],
)  # fmt: skip
def test_what_is_there_changes_only_where_the_file_says_so(
    text: str, number: int, fields: tuple[Any, ...], people: list[Person]
) -> None:
    (entry,) = plan(text).changed
    assert (entry.number, entry.fields, entry.people) == (number, fields, people)


@pytest.mark.parametrize("text", ["name,tier,phone\nBakery Union,gold,", "key\n42", "name,contact\nBakery Union,eve"])
def test_what_is_here_already_is_the_same(text: str) -> None:
    found = plan(text)
    if "contact" in text:  # the name is spelled anew
        assert [one.people for one in found.changed] == [[Person("eve", "buyer", "eve@example.com", "+49 30 1", 3)]]
    else:
        assert (found.same, found.made, found.changed, found.bad) == (1, (), (), ())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("name\nNew", ["Bakery Union", "Kiosk", "Twin", "TWIN"]),
        ("name\nbakery union\nTwin", ["Kiosk", "TWIN"]),
        ("id\n42", ["Kiosk", "Twin", "TWIN"]),
        ("name,contact\nKiosk,Eve\nKiosk,Dana\nBakery Union,\nTwin,\nTWIN,", []),
        ("name,phone\nKiosk,later", []),  # it may have named anybody
        ("tier\ngold", []),
    ],
)
def test_who_is_not_in_the_file_is_named_but_for_those_of_a_catalogue_and_the_sample(
    text: str, names: list[str]
) -> None:
    assert [one.facts["name"] for one in plan(text).unnamed] == names


def test_ten_thousand_rows_with_a_bad_one() -> None:
    rows = [f"Shop {n},k{n},gold" for n in range(10_000)]
    rows[4_999] = "Shop 4999,k4999,gold,spoilt"
    found = plan("name,key,tier\n" + "\n".join(rows))
    assert [(line, field) for line, field, _words in bad(found)] == [(5_001, "")]
    assert (found.good, len(found.made)) == (9_999, 9_999)


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def kept(cast: Cast, text: str) -> Preview:
    return keep_preview(body=text.encode(), name="crm.csv", person=cast.ada, now=NOW)


def mark(preview: Preview) -> str:
    return plan_of(preview, read_there()).mark


def run(preview: Preview, *, good_only: bool = False, end: Collection[int] = ()) -> dict[str, int]:
    return import_customers(preview=preview, mark=mark(preview), good_only=good_only, end=end, **SAY)


WHOLE = (
    "Name,ID,Tier,Contract,SLA,Minutes,Phone,Owner,Uses,Contact,Role,Email,Mobile\n"
    "Bakery Union,42,gold,yes,99.9 % a month,43,+49 30 5550,cleo@example.com,\"Checkout, payouts\",Eve,buyer,"
    "eve@example.com,+49 30 1\n"
    "Bakery Union,42,,,,,,,,Dana,,,\n"
    "Kiosk,,,,,,,,,,,,\n"
)  # fmt: skip


def test_what_was_seen_is_done_and_done_again_changes_nothing(cast: Cast) -> None:
    for slug, name in (("checkout", "Checkout"), ("payouts", "Payouts")):
        Flow.objects.create(slug=slug, name=name)
    old = add_customer(name="bakery union", flows=[], phone="1", **SAY)
    set_contact(customer=old, name="eve", phone="+49 30 9", **SAY)
    assert run(kept(cast, WHOLE)) == {"made": 1, "changed": 1, "ended": 0, "left": 0}
    row = Customer.objects.get(pk=old.pk)
    assert (row.name, row.key, row.tier, row.contract, row.service_level, row.minutes_a_month, row.phone) == (
        "Bakery Union", "42", "gold", True, "99.9 % a month", 43, "+49 30 5550",
    )  # fmt: skip
    assert row.account_owner == cast.cleo
    assert sorted(row.flows.values_list("slug", flat=True)) == ["checkout", "payouts"]
    people = row.contacts.order_by("name").values_list("name", "role", "email", "phone")
    assert list(people) == [("Dana", "", "", ""), ("Eve", "buyer", "eve@example.com", "+49 30 1")]
    entry = Entry.objects.select_related("facts").get(kind="customers.imported")
    assert {name: entry.facts.data[name] for name in ("file", "made", "changed", "left", "same", "rows")} == {
        "file": "crm.csv", "made": 1, "changed": 1, "left": 0, "same": 0, "rows": ["Kiosk", "Bakery Union"],
    }  # fmt: skip
    day = dt.date(2027, 2, 18)
    preview = kept(cast, WHOLE)
    again = import_customers(preview=preview, mark=mark(preview), good_only=False, by=actor_of(cast.ada), now=NOW)
    assert again == {"made": 0, "changed": 0, "ended": 0, "left": 0}
    assert list(Customer.objects.values_list("confirm_by", flat=True)) == [day, day]
    before = list(Customer.objects.order_by("pk").values()), list(Contact.objects.order_by("pk").values())
    assert run(kept(cast, WHOLE)) == {"made": 0, "changed": 0, "ended": 0, "left": 0}
    assert (list(Customer.objects.order_by("pk").values()), list(Contact.objects.order_by("pk").values())) == before
    assert Preview.objects.count() == 0


def test_with_a_bad_row_nothing_is_imported_unless_somebody_says_so(cast: Cast) -> None:
    preview = kept(cast, "name,phone\nKiosk,later\nBakery Union,1")
    with pytest.raises(Refused):
        run(preview)
    assert (Customer.objects.count(), Preview.objects.count(), Entry.objects.count()) == (0, 1, 0)
    assert run(preview, good_only=True) == {"made": 1, "changed": 0, "ended": 0, "left": 1}
    assert [row.name for row in Customer.objects.all()] == ["Bakery Union"]
    with pytest.raises(Refused) as refused:
        run(preview, good_only=True)
    assert refused.value.sentence == "This was imported already."


def test_what_changed_meanwhile_is_shown_before_it_is_imported(cast: Cast) -> None:
    row = add_customer(name="Kiosk", flows=[], **SAY)
    preview = kept(cast, "name,tier\nKiosk,gold")
    seen = mark(preview)
    change_customer(customer=row, tier="silver", **SAY)
    with pytest.raises(Refused) as refused:
        import_customers(preview=preview, mark=seen, good_only=False, **SAY)
    assert refused.value.sentence.startswith("Something was changed since you looked. Nothing was imported")
    row.refresh_from_db()
    assert (row.tier, Preview.objects.count(), Entry.objects.filter(kind="customers.imported").count()) == (
        "silver", 1, 0,
    )  # fmt: skip
    assert run(preview) == {"made": 0, "changed": 1, "ended": 0, "left": 0}


def test_only_who_is_ticked_ends_and_everything_of_theirs_is_forgotten(cast: Cast) -> None:
    flow = Flow.objects.create(slug="checkout", name="Checkout")
    kiosk = add_customer(name="Kiosk", flows=[flow], phone="1", key="7", contract=True, account_owner=cast.cleo, **SAY)
    set_contact(customer=kiosk, name="Eve", **SAY)
    grill = add_customer(name="Grill", flows=[flow], phone="2", **SAY)
    preview = kept(cast, "name\nBakery Union")
    for wrong in ({kiosk.pk, 0}, {kiosk.pk, 10**6}):
        with pytest.raises(Refused, match="Something was changed since you looked"):
            run(preview, end=wrong)
    assert (Customer.objects.count(), Preview.objects.count()) == (2, 1)
    assert run(preview, end={kiosk.pk}) == {"made": 1, "changed": 0, "ended": 1, "left": 0}
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["Bakery Union", "Grill"]
    row = Customer.everybody.get(pk=kiosk.pk)
    assert (row.name, row.key, row.phone, row.contract, row.account_owner, row.ended_at) == (
        "Kiosk", "", "", False, None, NOW,
    )  # fmt: skip
    assert (Contact.objects.count(), list(Customer.flows.through.objects.values_list("customer", flat=True))) == (
        0, [grill.pk],
    )  # fmt: skip
    entry = Entry.objects.select_related("facts").get(kind="customers.imported")
    assert (entry.facts.data["ended"], entry.facts.data["gone"]) == (1, ["Kiosk"])


def test_statements_do_not_grow_with_each_row_and_others_need_not_wait(
    cast: Cast, django_assert_max_num_queries: Any, holds: Holds
) -> None:
    Flow.objects.create(slug="checkout", name="Checkout")
    rows = "".join(f"Shop {n},checkout,Eve,{n}\n" for n in range(1_000))
    made = kept(cast, f"name,uses,contact,phone\n{rows}")
    with django_assert_max_num_queries(30):
        assert run(made)["made"] == 1_000
    changed = kept(cast, f"name,uses,contact,phone\n{rows.replace('Eve,', 'Eve,0')}")
    with django_assert_max_num_queries(30):
        assert run(changed)["changed"] == 1_000
    assert Customer.objects.get(name="Shop 999").phone == "0999"
    assert (Customer.objects.count(), Contact.objects.count()) == (1_000, 1_000)
    less = kept(cast, "name\nShop 0")
    ticked = {one.number for one in plan_of(less, read_there()).unnamed[:200]}
    with django_assert_max_num_queries(30):
        assert run(less, end=ticked)["ended"] == 200
    assert holds.too_long(0.1) == []
    assert (Customer.objects.count(), Contact.objects.count()) == (800, 800)


def test_a_preview_is_its_owners_and_leaves_after_a_day(client: Client, cast: Cast) -> None:
    preview = kept(cast, "name\nKiosk")
    ben = Client()
    ben.force_login(cast.ben)
    for path in ("", "bad.csv"):
        assert ben.get(f"/flows/customers/import/{preview.pk}/{path}").status_code in (302, 404)
    assert forget_due(now=NOW + dt.timedelta(hours=23)) == 0
    assert forget_due(now=NOW + dt.timedelta(hours=24)) == 1
    assert "This preview has left" in client.get(f"/flows/customers/import/{preview.pk}/", follow=True).content.decode()
    for _n in range(7):
        kept(cast, "name\nKiosk")
    assert Preview.objects.count() == 5


def test_another_column_may_be_the_name(cast: Cast) -> None:
    preview = kept(cast, "Wer,Colour,Tier\nKiosk,red,gold")
    for columns in (["name", "name", "tier"], ["name", "colour", ""], ["name"]):
        with pytest.raises(Refused):
            choose_columns(preview=preview, columns=columns)
    assert Preview.objects.get().columns == ["", "", "tier"]
    choose_columns(preview=preview, columns=["name", "", "tier"])
    assert run(preview)["made"] == 1


def test_the_pages_from_the_file_to_the_list(client: Client) -> None:
    refused = client.post("/flows/customers/import/", {"file": SimpleUploadedFile("x.csv", b"PK\x03\x04")})
    assert refused.status_code == 422 and "This is a workbook" in refused.content.decode()
    assert "Choose a file, or paste the rows." in client.post("/flows/customers/import/", {}).content.decode()
    file = SimpleUploadedFile("crm.csv", "Name;Phone;Wer\nCafé;later;x\n=Kiosk;1;y\n".encode("cp1252"))
    path = client.post("/flows/customers/import/", {"file": file}).headers["Location"]
    page = client.get(path).content.decode()
    for words in ("One row is not right.", "Line 2: Café", "Telephone: “later” is no telephone number.", "Windows text",
                  "Import the good one only", "Columns that are not read: Wer"):  # fmt: skip
        assert words in page.replace("&quot;", '"')
    mend = client.get(f"{path}bad.csv").content.decode()
    assert (
        mend
        == "\ufeffName,Phone,Wer,line,what is wrong\r\nCafé,later,x,2,Telephone: “later” is no telephone number.\r\n"
    )
    assert client.post(path, {"mark": "old", "good_only": "yes"}).status_code == 422
    client.post(f"{path}columns/", {"column-0": "name", "column-1": "", "column-2": "tier"})
    page = client.get(path).content.decode()
    assert "Every row is right." in page
    told = page.split('name="mark" value="')[1].split('"')[0]
    answer = client.post(path, {"mark": told}, follow=True).content.decode()
    assert "Imported: 2 new, 0 changed." in answer
    assert sorted(Customer.objects.values_list("name", "tier")) == [("=Kiosk", "y"), ("Café", "x")]
    path = client.post("/flows/customers/import/", {"paste": "Name\nCafé"}).headers["Location"]
    assert "Importing would change nothing." in client.get(path).content.decode()
    assert "One customer stands here that the file does not name." in client.get(path).content.decode()
    ticked = re.findall(r'name="end" value="(\d+)" form="import"> (=Kiosk)', client.get(path).content.decode())
    told = re.findall(r'name="mark" value="(\w+)"', client.get(path).content.decode())[0]
    assert client.post(path, {"mark": told, "end": ["x"]}).status_code == 422
    answer = client.post(path, {"mark": told, "end": [ticked[0][0]]}, follow=True).content.decode()
    assert "Imported: 0 new, 0 changed. One has ended." in answer
    assert list(Customer.objects.values_list("name", flat=True)) == ["Café"]
    path = client.post("/flows/customers/import/", {"paste": "Name\nCafé"}).headers["Location"]
    client.post(f"{path}drop/")
    assert Preview.objects.count() == 0
