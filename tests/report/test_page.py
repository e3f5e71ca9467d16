"""The page in a real browser: charts, filters, search and order, by mouse and keyboard."""

from __future__ import annotations

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from tests.report.pages import SIZE, column, found

from .browser import Browser
from .sample import HOSTILE, hostile, scan


def press_bar(browser: Browser, card: str, label: str) -> None:
    script = (
        "return [...document.querySelectorAll(`#card-${arguments[0]} ~ * button, #card-${arguments[0]} ~ button`)]"
        ".find(b => b.title.startsWith(arguments[1]))"
    )
    browser.run(script, card, label).click()


def test_charts_and_table_are_there_and_say_what_the_scan_says(opened: Browser) -> None:
    grabs = [*scan(SIZE - 1), hostile()]
    titles = opened.run("return [...document.querySelectorAll('.card h2')].map(h => h.textContent)")
    assert titles == [
        "Status", "Services", "Ports by service", "Products", "Versions", "Latency", "Certificates",
        "Outdated protocols", "Networks",
    ]  # fmt: skip
    bars = opened.run(
        "return [...document.querySelectorAll('#card-status ~ * button')]"
        ".map(b => [b.querySelector('bdi')?.textContent, b.querySelector('.count')?.firstChild.textContent])"
    )
    counts = {name: int(number) for name, number in bars if name}
    assert counts == {
        status: sum(one.status == status for one in grabs) for status in {str(one.status) for one in grabs}
    }
    assert found(opened) == f"{SIZE} results"
    assert len(column(opened, 0)) == 50
    assert opened.complaints() == []


def test_a_bar_filters_table_and_charts_and_a_chip_takes_it_back(opened: Browser) -> None:
    press_bar(opened, "services", "ssh:")
    expected = sum(one.service is not None and one.service.name == "ssh" for one in scan(SIZE - 1))
    assert found(opened) == f"{expected} of {SIZE} results"
    assert set(column(opened, 2)) == {"ssh"}
    press_bar(opened, "ports-by-service", "22, ssh")
    assert found(opened) == f"{expected} of {SIZE} results"
    for chip in ("Service: ssh", "Port: 22"):
        opened.driver.find_element(By.CSS_SELECTOR, f".chip[aria-label='Remove filter {chip}']").click()
    assert found(opened) == f"{SIZE} results"
    assert opened.complaints() == []


@pytest.mark.parametrize("chart", ["latency", "networks", "certificates", "outdated-protocols", "versions"])
def test_every_chart_filters(opened: Browser, chart: str) -> None:
    button = opened.driver.find_element(By.CSS_SELECTOR, f"#card-{chart} ~ * button[title]")
    label = str(button.get_attribute("title"))
    number = int(label.split(": ")[-1].split()[0])
    opened.run("arguments[0].click()", button)
    assert found(opened) == f"{number} of {SIZE} results"


def test_two_values_of_one_chart_are_one_or_the_other(opened: Browser) -> None:
    press_bar(opened, "services", "ssh:")
    press_bar(opened, "services", "ftp:")
    names = [one.service.name for one in scan(SIZE - 1) if one.service]
    assert found(opened) == f"{names.count('ssh') + names.count('ftp')} of {SIZE} results"


def test_search_by_keyboard_takes_every_word(opened: Browser) -> None:
    keys = ActionChains(opened.driver)
    keys.send_keys("/").perform()
    assert opened.run("return document.activeElement.id") == "search"
    keys.send_keys("OPENSSH 10.0.3.").perform()
    opened.until(  # each word narrows them: on a slow machine the first ones are shown for a while
        "return [...document.querySelectorAll('.results tbody tr:not(.more)')]"
        ".every(row => row.children[0].innerText.includes('10.0.3.'))"
    )
    assert all(software.startswith("OpenSSH") for software in column(opened, 3))
    keys.send_keys(" nonsense").perform()
    opened.until("return document.querySelector('.found').textContent.startsWith('0 of')")
    opened.driver.find_element(By.CSS_SELECTOR, ".clear").click()
    assert found(opened) == f"{SIZE} results"
    assert opened.run("return document.getElementById('search').value") == ""


def test_sort_by_mouse_and_keyboard(opened: Browser) -> None:
    def head(title: str) -> str:
        return f".results thead button[data-key='{title}']"

    opened.driver.find_element(By.CSS_SELECTOR, head("Service")).click()
    up = [text for text in column(opened, 2) if text]
    assert up == sorted(up, key=str.casefold)
    assert opened.run("return document.querySelector('[aria-sort]').textContent") == "Service▲"
    ActionChains(opened.driver).send_keys(Keys.ENTER).perform()  # the keyboard stayed on the head
    down = [text for text in column(opened, 2) if text]
    assert down == sorted(down, key=str.casefold, reverse=True)
    assert (
        opened.run("return document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "descending"
    )
    opened.driver.find_element(By.CSS_SELECTOR, head("Time")).click()
    opened.driver.find_element(By.CSS_SELECTOR, head("Time")).click()
    slowest = max(one.timings.total or 0 for one in scan(SIZE - 1))
    assert column(opened, 5)[0] == f"{slowest:.1f} s"


def test_filter_by_keyboard_keeps_the_focus(opened: Browser) -> None:
    opened.run("document.querySelector('#card-services ~ * button').focus()")
    label = opened.run("return document.activeElement.title")
    ActionChains(opened.driver).send_keys(Keys.SPACE).perform()
    assert opened.run("return document.activeElement.title").split(":")[0] == label.split(":")[0]
    assert opened.run("return document.activeElement.getAttribute('aria-pressed')") == "true"
    assert f" of {SIZE} results" in found(opened)


def test_arrows_move_over_the_map_in_one_stop_of_the_keyboard(opened: Browser) -> None:
    assert opened.run("return document.querySelectorAll('.map button[tabindex=\"0\"]').length") == 1
    opened.run("document.querySelector('.map button').focus()")
    ActionChains(opened.driver).send_keys(Keys.ARROW_RIGHT, Keys.ENTER).perform()
    assert opened.run("return document.activeElement.getAttribute('aria-label')").startswith("10.0.1.0/24")
    assert opened.run("return document.querySelector('.chip').textContent") == "Network: 10.0.1.0/24 ×"


def test_pages_of_the_table(opened: Browser) -> None:
    first = column(opened, 0)
    opened.driver.find_element(By.CSS_SELECTOR, "[aria-label='Next page']").click()
    assert not set(first) & set(column(opened, 0))
    opened.driver.find_element(By.CSS_SELECTOR, "[aria-label='Last page']").click()
    assert f"–{SIZE} of {SIZE}" in opened.run("return document.querySelector('.pages').textContent")


def test_the_exact_bytes_in_hexadecimal(opened: Browser) -> None:
    opened.driver.find_element(By.ID, "search").send_keys("evil.example")
    opened.until("return document.querySelector('.found').textContent.startsWith('1 of')")
    opened.driver.find_element(By.CSS_SELECTOR, ".open").click()
    opened.until("return document.querySelector('.greeting pre')")
    opened.driver.find_element(By.CSS_SELECTOR, "[data-key='Hex']").click()
    dump = str(opened.run("return document.querySelector('.greeting pre').textContent"))
    assert b"".join(bytes.fromhex(line[8:55]) for line in dump.splitlines()) == HOSTILE


def test_the_count_leads_to_the_table(opened: Browser) -> None:
    opened.emulate(390)
    opened.run("window.scrollTo(0, 0); document.querySelector('.found a').click()")
    opened.until("return document.querySelector('#results').getBoundingClientRect().top < innerHeight / 2")
    assert opened.complaints() == []
