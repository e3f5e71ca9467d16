"""What is looked at on the page: what to act on, hosts, an address that can be sent, rows that can be taken away."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from banner.models import Grab
from banner.report.assemble import page
from banner.report.findings import When, findings
from banner.report.overview import scan_page

from .browser import Browser
from .sample import NOON, hostile, scan

GRABS = [*scan(449), hostile()]
FOUND = list(findings(GRABS, When(NOON)))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "scan.html"
    path.write_text(page(scan_page(GRABS, ["a scan.jsonl"], NOON)), "utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, path: Path) -> Browser:
    browser.emulate(1280)
    browser.open(path)
    return browser


def found(browser: Browser) -> str:
    return str(browser.run("return document.querySelector('.found').textContent"))


def targets(browser: Browser) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)"
    return list(browser.run(script, ".results > tbody > tr:not(.more) .open > span > bdi:first-child"))


def look(browser: Browser) -> str:
    return str(browser.run("return decodeURIComponent(location.hash)"))


def press(browser: Browser, css: str) -> None:
    browser.run("document.querySelector(arguments[0]).click()", css)


def test_what_to_act_on_stands_first_and_filters(opened: Browser) -> None:
    buttons = opened.driver.find_elements(By.CSS_SELECTOR, ".findings button")
    assert {button.text.partition(" ")[2]: int(button.text.partition(" ")[0]) for button in buttons}[
        "Certificate expired"
    ] == len([one for one in FOUND if one.finding == "certificate-expired"])
    assert opened.run(
        "return document.querySelector('.findings').compareDocumentPosition(document.querySelector('.bars')) & 4"
    )
    buttons[0].click()
    expired = {f"{one.host}:{one.port}" for one in FOUND if one.finding == "certificate-expired"}
    assert set(targets(opened)) == expired
    assert look(opened) == "#finding=certificate-expired"
    opened.driver.find_element(By.XPATH, "//button[contains(., 'TLS below 1.2')]").click()
    either = expired | {f"{one.host}:{one.port}" for one in FOUND if one.finding == "old-tls"}
    assert set(targets(opened)) == either
    assert len(either) > len(expired)
    assert opened.complaints() == []


def test_a_record_shows_its_evidence(opened: Browser) -> None:
    one = next(one for one in FOUND if one.finding == "certificate-expired" and one.host != "evil.example")
    opened.run("location.hash = arguments[0]", f"open={one.host}:{one.port}")
    opened.until("return document.querySelector('.more .evidence')")
    assert one.evidence in opened.run("return document.querySelector('.more .evidence').textContent")


def test_an_address_brings_the_whole_look_back(opened: Browser, path: Path) -> None:
    opened.driver.find_element(By.CSS_SELECTOR, "#card-services ~ * button[title^='ssh:']").click()
    opened.driver.find_element(By.ID, "search").send_keys("openssh 10.0.")
    opened.until("return location.hash.includes('q=')")
    press(opened, ".results thead button[data-key='Software']")
    press(opened, ".results thead button[data-key='Software']")
    press(opened, ".results .open")
    opened.until("return document.querySelector('.details')")
    before = opened.driver.current_url
    assert look(opened).startswith("#service=ssh&q=openssh+10.0.&sort=-software&open=10.0.")
    rows, number = targets(opened), found(opened)

    opened.driver.get("about:blank")
    opened.driver.get(before)
    assert (targets(opened), found(opened)) == (rows, number)
    assert opened.run("return document.getElementById('search').value") == "openssh 10.0."
    assert (
        opened.run("return document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "descending"
    )
    opened.until("return document.querySelector('.details')")
    assert opened.complaints() == []


def test_back_and_forward_go_through_what_was_looked_at(opened: Browser) -> None:
    whole = found(opened)
    opened.driver.find_element(By.CSS_SELECTOR, "#card-services ~ * button[title^='ssh:']").click()
    ssh = found(opened)
    opened.driver.find_element(By.ID, "search").send_keys("10.0.3.1")
    opened.until("return location.hash.includes('10.0.3.1')")
    opened.driver.back()
    opened.until("return document.querySelector('.found').textContent === arguments[0]", ssh)
    assert opened.run("return document.getElementById('search').value") == ""
    opened.driver.back()
    opened.until("return document.querySelector('.found').textContent === arguments[0]", whole)
    opened.driver.forward()
    opened.until("return document.querySelector('.found').textContent === arguments[0]", ssh)


def test_a_link_leads_to_a_record_on_any_page(browser: Browser, path: Path) -> None:
    browser.emulate(1280)
    browser.open(path)
    press(browser, "[aria-label='Last page']")
    press(browser, ".results tr:last-child .open")
    browser.until("return document.querySelector('.links a')")
    target = targets(browser)[-1]
    link = str(browser.run("return document.querySelector('.links a').href"))
    browser.driver.get("about:blank")
    browser.driver.get(link)
    assert target in targets(browser)
    browser.until("return document.querySelector('.details')")
    box = browser.run("return document.querySelector('.is-open').getBoundingClientRect().top")
    assert 0 < box < 900


@pytest.mark.parametrize(
    "text",
    [
        "status=nonsense&service=",
        "%",
        "open=nobody:1&sort=-%FF",
        "view=none&q=%00",
        "__proto__=1&constructor=2",
    ],
)
def test_an_address_of_nonsense_shows_the_whole_scan(browser: Browser, path: Path, text: str) -> None:
    browser.driver.get("about:blank")
    browser.open(path)
    browser.run("location.hash = arguments[0]", text)
    browser.until("return document.querySelectorAll('.results tbody tr').length >= 0")
    assert len(targets(browser)) in (0, 50)
    assert browser.complaints() == []


def test_links_within_the_page_leave_the_look(opened: Browser) -> None:
    opened.driver.find_element(By.CSS_SELECTOR, "#card-services ~ * button[title^='ssh:']").click()
    press(opened, ".found a")
    press(opened, ".skip")
    assert look(opened) == "#service=ssh"
    assert opened.run("return document.activeElement.id") == "results"


def test_hosts_are_one_row_each_with_a_card_of_all_they_have(opened: Browser) -> None:
    press(opened, ".views [data-key='hosts']")
    hosts = {one.ip or one.host for one in GRABS}
    assert f"of {len(hosts)}" in opened.run("return document.querySelector('.pages').textContent")
    host = next(one for one in GRABS if one.tls and one.tls.certificate and one.host != "evil.example").host
    own = [one for one in GRABS if one.host == host]
    opened.run("location.hash = arguments[0]", f"view=hosts&open={host}")
    opened.until("return document.querySelector('.host .of-certificates')")
    ports = opened.run(
        "return [...document.querySelectorAll('.host .of-ports td:first-child')].map(one => one.textContent)"
    )
    assert ports == [str(one.port) for one in sorted(own, key=lambda one: one.port)]
    certificate = next(one.tls.certificate for one in own if one.tls and one.tls.certificate)
    card = opened.run("return document.querySelector('.host').innerText")
    assert certificate.names[0] in card
    assert str(certificate.not_after)[:10] in card
    press(opened, ".host .of-ports a")
    opened.until("return document.querySelector('.greeting, .fields')")
    assert targets(opened)[0].startswith("10.")
    opened.driver.back()
    opened.until("return document.querySelector('.host .of-ports')")


def test_hosts_are_those_that_the_filters_leave_and_sort_by_findings(opened: Browser) -> None:
    press(opened, ".views [data-key='hosts']")
    opened.driver.find_element(By.CSS_SELECTOR, "#card-services ~ * button[title^='redis:']").click()
    expected = {one.host for one in GRABS if one.service and one.service.name == "redis"}
    assert f"of {len(expected)}" in opened.run("return document.querySelector('.pages').textContent")
    press(opened, ".results thead button[data-key='To act on']")
    press(opened, ".results thead button[data-key='To act on']")
    numbers = opened.run(
        "return [...document.querySelectorAll('.results td.acts')].map(one => Number(one.textContent))"
    )
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > 0


def taken(browser: Browser, form: str) -> str:
    """What `Save` makes of the rows."""
    browser.run("window.blobs = []; URL.createObjectURL = (blob) => { window.blobs.push(blob); return '#'; }")
    browser.run("HTMLAnchorElement.prototype.click = function () { window.name_of = this.download; }")
    browser.run(f"document.querySelector(\"[aria-label='Save as {form}']\").click()")
    browser.until("return window.blobs.length")
    return str(browser.driver.execute_async_script("window.blobs[0].text().then(arguments[0])"))


def filtered(browser: Browser) -> list[Grab]:
    browser.driver.find_element(By.CSS_SELECTOR, "#card-services ~ * button[title^='http:']").click()
    return [one for one in GRABS if one.service and one.service.name == "http"]


def test_rows_are_saved_as_csv_and_no_cell_is_a_formula(opened: Browser) -> None:
    everything = list(csv.DictReader(io.StringIO(taken(opened, "CSV"))))
    assert len(everything) == len(GRABS)
    assert opened.run("return window.name_of") == "a_scan.jsonl.csv"
    evil = next(one for one in everything if one["host"] == "evil.example")
    assert evil["product"].startswith("<script>")
    assert "\x1b" not in evil["greeting"]
    redis = next(one for one in everything if one["service"] == "redis")
    assert redis["greeting"] == "'-NOAUTH Authentication required."
    assert all(not cell or cell[0] not in "=+-@" for one in everything for cell in one.values())


def test_the_filtered_rows_are_saved_as_json(opened: Browser) -> None:
    expected = filtered(opened)
    records = json.loads(taken(opened, "JSON"))
    assert sorted((one["host"], one["port"]) for one in records) == sorted(
        (one.host, one.port) for one in expected
    )
    assert {one["v"] for one in records} == {1}


def test_rows_are_copied_as_markdown(opened: Browser) -> None:
    opened.driver.find_element(By.ID, "search").send_keys("evil.example")
    opened.until("return document.querySelector('.found').textContent.startsWith('1 of')")
    clipboard = "({ writeText: async (text) => { window.copied = text; } })"
    opened.run(f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard} }})")
    press(opened, "[aria-label='Copy as Markdown']")
    opened.until("return window.copied")
    head, rule, line = str(opened.run("return window.copied")).splitlines()
    assert head == "| Target | Status | Service | Software | Greeting or error |"
    assert rule == "| --- | --- | --- | --- | --- |"
    assert line.startswith(r"| evil.example:1337 | banner | \</script\>\<img src=x")
    opened.until(
        "return document.querySelector('.savers [role=status]').textContent === '1 row copied as Markdown'"
    )


def test_the_host_view_by_keyboard(opened: Browser) -> None:
    opened.run("document.querySelector(\".views [data-key='hosts']\").focus()")
    ActionChains(opened.driver).send_keys(Keys.ENTER).perform()
    assert opened.run("return document.activeElement.textContent") == "Hosts"
    assert opened.run("return document.activeElement.getAttribute('aria-pressed')") == "true"


def test_grey_is_what_the_filters_leave_out_of_the_certificates_and_a_long_list_goes_by_steps(
    opened: Browser,
) -> None:
    rows = "return document.querySelectorAll('#card-certificates ~ * .small tbody tr{}').length"
    assert opened.run(rows.format("")) == 6
    assert opened.run(rows.format(".hidden-row")) == 0
    opened.driver.find_element(By.CSS_SELECTOR, "#card-status ~ * button[title^='refused:']").click()
    assert opened.run(rows.format(".hidden-row")) == 6
    more = opened.driver.find_element(By.CSS_SELECTOR, "#card-certificates ~ * [data-key='more']")
    shown = int(more.text.split()[1])
    more.click()
    assert opened.run(rows.format("")) == 6 + shown


def test_versions_name_no_product_that_told_none(opened: Browser) -> None:
    labels = opened.run(
        "return [...document.querySelectorAll('#card-versions ~ * bdi')].map(one => one.textContent)"
    )
    assert "Redis 7.0.15" in labels
    assert not {"Postfix", "Dovecot"} & set(labels)


def test_a_wide_screen_is_used(opened: Browser) -> None:
    opened.emulate(2560)
    assert opened.run("return document.querySelector('main').getBoundingClientRect().width") > 2000
