"""Somebody at her browser: what she presses, what she sees, and whether everybody could."""

from uuid import uuid4

PASSWORD = "a sentence of hers"
SERIOUS = ("serious", "critical")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CUT = """[...document.querySelectorAll("[placeholder]:placeholder-shown")].filter((field) => {
  const pen = document.createElement("canvas").getContext("2d");
  const own = getComputedStyle(field), said = getComputedStyle(field, "::placeholder");
  pen.font = `${said.fontSize} ${said.fontFamily}`;
  const room = field.clientWidth - parseFloat(own.paddingLeft) - parseFloat(own.paddingRight);
  return field.offsetParent && pen.measureText(field.placeholder).width > room - (field.list ? 24 : 0);
}).map((field) => `cut: ${field.placeholder}`)"""
"""Hints that do not fit into their fields; an arrow of suggestions needs its room."""
WIDER = "document.documentElement.scrollWidth - innerWidth"


class Person:
    """One context of the browser. `complaints`: what the browser's console said."""

    def __init__(self, context, axe, screens, look):
        self.axe, self.screens, self.look = axe, screens, look
        self.page = context.new_page()
        self.complaints = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path):
        return self.page.goto(path)

    def register(self):
        """From the form to the first page behind it."""
        self.email = f"anna.{uuid4().hex[:10]}@example.com"
        self.open("/register")
        self.page.fill("#full_name", "Анна Котова")
        self.page.fill("#company_name", "Рыжий кот")
        self.page.fill("#email", self.email)
        self.page.fill("#password", PASSWORD)
        self.submit("/register")

    def sign_in(self, password=PASSWORD):
        self.open("/sign-in")
        self.page.fill("#email", self.email)
        self.page.fill("#password", password)
        self.submit("/sign-in")

    def leave(self):
        """Sign out; on a phone that stands in the menu."""
        if self.page.locator(".bar").is_visible():
            self.page.locator(".bar button").click()
        self.submit("/sign-out")

    def submit(self, action):
        """Press the button of the form that is sent there."""
        self.page.locator(f'form[action="{action}"] button[type="submit"]').first.click()
        self.page.wait_for_load_state()

    def text(self, query):
        return self.page.inner_text(query)

    def looked_at(self, name):
        """Take a picture, and say what is wrong with the page for those who see or hear less, or
        have a narrow window."""
        self.screens.mkdir(parents=True, exist_ok=True)
        file = self.screens / f"{name}.{self.look}.png"
        self.page.screenshot(path=file, full_page=True)
        self.page.evaluate(self.axe)
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
        )
        wrong = [
            f"{each['id']}: {node['html']}"
            for each in found["violations"]
            if each["impact"] in SERIOUS or "best-practice" not in each["tags"]
            for node in each["nodes"]
        ]
        if self.page.evaluate(WIDER) > 0:
            wrong.append("wider than the window")
        return wrong + self.page.evaluate(CUT)

    def _heard(self, message):
        """A status that a story provokes is a line in the console too."""
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)
