"""Each role does its main tasks on Spanish pages (P8, issue 6)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from house import PASSWORD, Site, actor_called
from playwright.sync_api import BrowserContext, Page, expect
from test_browser_record import add_goal
from test_browser_staff import GUIDE

from pathways.services import checkins, preferences, reminders, summaries

Open = Callable[..., BrowserContext]
SHARED = "Quiero entregar cinco laboratorios."


def enter(site: Site, open_context: Open, username: str) -> Page:
    """Sign in on the Spanish page, and choose Spanish for every page."""
    page = open_context(base_url=site.url).new_page()
    page.goto("/sign-in")
    page.get_by_role("link", name="Español").click()
    page.get_by_label("Nombre de usuario").fill(username)
    page.get_by_label("Contraseña").fill("otra cosa")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("alert")).to_contain_text("no van juntos")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.get_by_role("button", name="Español").click()
    told(page, "Las páginas ya están en este idioma.")
    return page


def told(page: Page, words: str) -> None:
    """What was done is said, on a Spanish page."""
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "es"


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


@pytest.mark.timeout(600)
def test_everybody_does_their_main_tasks_in_spanish(
    site: Site, open_context: Open
) -> None:
    student = enter(site, open_context, "maya")
    plans_and_asks(site, student)
    logs_and_shares(student)
    link = gets_a_link(student)
    confirms(open_context(base_url=site.url).new_page(), link)
    meets_and_takes_on(site, enter(site, open_context, "ortiz"))
    keeps_the_catalog(enter(site, open_context, "bell"))
    looks_after_the_school(enter(site, open_context, "admin"))
    reads_and_turns_off(enter(site, open_context, "maya.family"))
    student.goto("/looks")
    row = student.get_by_role(
        "row", name=re.compile("Elena Ortiz.*Resúmenes que compartiste")
    )
    expect(row.first).to_be_visible()


def plans_and_asks(site: Site, page: Page) -> None:
    """Goal, reminder, option, supports, a correction, a person."""
    maya = actor_called(site, "maya")
    add_goal(site)
    page.goto("/goals")
    press(page, "Ya la logré")
    told(page, "Marcada como lograda.")
    page.goto("/reminders")
    press(page, "Ponerlo")
    expect(page.locator("#text-wrong")).to_contain_text("Escribe qué te recuerdo")
    page.get_by_label("Recuérdame").fill("Llevar el cuaderno")
    page.get_by_label("El día").fill("2026-11-25")
    press(page, "Ponerlo")
    told(page, "Puesto.")
    (kept,) = reminders.list_reminders(site.milepost, maya)
    assert kept.text == "Llevar el cuaderno"
    page.goto("/options")
    press(page, "Guardar")
    told(page, "Guardada en tu plan.")
    page.goto("/supports")
    page.get_by_label("Letra grande").check()
    press(page, "Guardar")
    told(page, "Guardado. Vale en cada página")
    assert preferences.settings_of(site.milepost, maya).supports == ("large_text",)
    page.goto("/my-data")
    page.get_by_label("¿De qué se trata?").select_option(label="Metas")
    page.get_by_label("¿Qué está mal?").fill("La fecha")
    press(page, "Enviar")
    told(page, "Enviado.")
    expect(page.get_by_role("heading", name="Corrección: Metas")).to_be_visible()
    page.goto("/person")
    press(page, "Avísales que quiero hablar")
    told(page, "Ya pueden ver que quieres hablar.")


def logs_and_shares(page: Page) -> None:
    """Talk, a summary in the student's words, hours outside class."""
    page.goto("/chat")
    page.get_by_label("Tu mensaje").fill("finish five biology labs")
    page.get_by_label("Tu mensaje").press("Enter")
    expect(page.locator(".turn .reply").first).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()
    page.goto("/summaries")
    page.locator(".line summary").first.click()
    page.get_by_label("Tus palabras para esta línea").first.fill(SHARED)
    press(page, "Guardar esta línea")
    told(page, "Guardada.")
    press(page, "Compartir este resumen")
    told(page, "Compartido.")
    page.goto("/experiences")
    page.get_by_label("Lo que hiciste").fill("Ayudar en la clínica")
    page.get_by_label("Horas", exact=True).fill("seis")
    page.get_by_label("Día", exact=True).fill("2026-11-14")
    press(page, "Anotar")
    expect(page.locator("#hours-wrong")).to_be_visible()
    page.get_by_label("Horas", exact=True).fill("6")
    press(page, "Anotar")
    told(page, "Anotado.")


def gets_a_link(page: Page) -> str:
    press(page, "Sacar un enlace para tu mentor")
    expect(page.get_by_role("main")).to_contain_text("No necesita una cuenta.")
    return str(page.get_by_label("Enlace para tu mentor").input_value())


def confirms(page: Page, link: str) -> None:
    """A mentor, without an account, turns the page Spanish and answers."""
    page.goto(link)
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "¿Están bien estas horas?"
    )
    page.get_by_role("button", name="Sí, está bien").click()
    expect(page.get_by_role("alert")).to_contain_text("Escriba su nombre")
    page.get_by_label("Su nombre").fill("Dra. Ruiz")
    page.get_by_role("button", name="Sí, está bien").click()
    told(page, "Gracias. Su respuesta está anotada.")


def meets_and_takes_on(site: Site, page: Page) -> None:
    """The alert, the brief, the step agreed on, graduation, credit plans."""
    page.goto("/caseload")
    press(page, "Yo me encargo: Maya Brooks, Quiere hablar con una persona")
    told(page, "Se ve que usted se encarga.")
    page.get_by_role("link", name="Maya Brooks").first.click()
    expect(page.get_by_role("main")).to_contain_text(SHARED)
    press(page, "Guardar")
    expect(page.get_by_role("main")).to_contain_text("Escriba el paso que acordaron")
    page.get_by_label("El paso que acordaron").fill("pedir la lista")
    press(page, "Guardar")
    told(page, "El coach pregunta por el paso")
    maya = actor_called(site, "maya")
    assert checkins.last_promise(site.milepost, maya) == "pedir la lista"
    assert summaries.list_summaries(site.milepost, maya)[0].status == "released"
    page.goto("/graduation")
    page.get_by_role("main").get_by_role("link", name="Maya Brooks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan de graduación")
    page.goto("/credit-plans")
    expect(page.get_by_role("main")).to_contain_text("Planes de crédito")


def keeps_the_catalog(page: Page) -> None:
    """A file, an entry, the district's rules, a note, an answer, a check."""
    page.goto("/imports/new?kind=table")
    content = {"name": "guia.csv", "mimeType": "text/csv", "buffer": GUIDE.encode()}
    page.get_by_label("Archivo", exact=True).set_input_files(content)
    press(page, "Revisar el archivo")
    page.wait_for_url("**/imports/files/*")
    page.get_by_label("Nivel, para todas las filas").fill("core")
    press(page, "Revisar otra vez")
    press(page, "Guardar los cambios: 1")
    expect(page.get_by_role("button", name="Deshacer guia.csv")).to_be_visible()
    page.goto("/catalog/course/NEW-1")
    page.get_by_label("Lugares").fill("muchos")
    press(page, "Publicar")
    expect(page.locator("#wrong-seats")).to_have_text("escriba un número entero")
    page.get_by_label("Lugares").fill("18")
    press(page, "Publicar")
    told(page, "Publicado.")
    page.goto("/rules")
    page.get_by_label("Planes para otoño, antes del").fill("05-01")
    press(page, "Guardar estas reglas")
    wrong = page.get_by_text("Diga dónde lo escribió el distrito.").first
    expect(wrong).to_be_visible()
    page.locator('[name="sources.deadlines"]').fill("Norma 5460")
    press(page, "Guardar estas reglas")
    told(page, "Guardado. Los casos de prueba del estado se corrieron")
    page.goto("/graduation")
    page.get_by_role("main").get_by_role("link", name="Maya Brooks").click()
    page.get_by_label("Qué", exact=True).select_option("act_math")
    page.get_by_label("Valor").fill("21")
    page.get_by_label("De dónde viene").fill("Registro de la escuela")
    press(page, "Anotar")
    told(page, "Anotado. Una nota más nueva")
    page.goto("/data-requests")
    page.get_by_label("Lo que usted decide").select_option(label="Está resuelto")
    page.get_by_label(re.compile("^Su respuesta a")).fill("Ya está bien la fecha.")
    press(page, "Contestar")
    told(page, "El estudiante ya puede leer su respuesta.")
    page.goto("/catalog/check")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lo que pide una mirada")
    page.goto("/equity?by=grade")
    expect(page.get_by_role("main")).to_contain_text("Estudiantes:")
    page.goto("/no-hay-tal-pagina")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "No encontramos esta página"
    )


def looks_after_the_school(page: Page) -> None:
    """Who looked, the duty list, the rule of consent, an account, a file refused."""
    page.goto("/admin/looks?name=maya")
    cell = page.get_by_role("cell", name="Resúmenes compartidos").first
    expect(cell).to_be_visible()
    page.goto("/duty")
    page.get_by_label(re.compile("^Lugar de .*Bell")).fill("1")
    page.get_by_label(re.compile("^Correo de .*Bell")).fill("bell@riverbend.example")
    page.get_by_label("Días cerrados").fill("mañana")
    press(page, "Guardar la lista")
    expect(page.get_by_role("alert")).to_contain_text("Escriba días como 2026-11-26.")
    page.get_by_label("Días cerrados").fill("2026-11-26")
    press(page, "Guardar la lista")
    told(page, "La lista de guardia está guardada.")
    page.goto("/admin/consent")
    press(page, "Pedirlo a cada estudiante")
    told(page, "La regla cambió.")
    press(page, "Pedirlo a menores de 13 años")
    told(page, "La regla cambió.")
    page.goto("/admin")
    page.get_by_role("link", name="Maya Brooks").click()
    press(page, "Poner en el registro")
    told(page, "Puesto en el registro.")
    page.goto("/imports/new?kind=courses")
    rows = b"student_id,course,state\nx,y,completed\n"
    content = {"name": "historial.csv", "mimeType": "text/csv", "buffer": rows}
    page.get_by_label("Archivo", exact=True).set_input_files(content)
    press(page, "Revisar el archivo")
    expect(page.get_by_role("main")).to_contain_text(
        "ningún estudiante de esta escuela tiene este número"
    )


def reads_and_turns_off(page: Page) -> None:
    """A family reads what was shared, looks at graduation, says no to the coach."""
    page.goto("/family")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compartido con usted")
    expect(page.get_by_role("main")).to_contain_text(SHARED)
    page.get_by_role("main").get_by_role("link", name="Graduación").click()
    page.get_by_role("main").get_by_role("link", name="Maya Brooks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan de graduación")
    page.goto("/family")
    press(page, "Apagar el coach para Maya")
    told(page, "Hecho. El coach está apagado.")
