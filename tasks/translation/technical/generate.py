"""Maintenance instructions in English, German, French and Spanish: three sentences, glossary, figures.

Sentences are parallel by construction: one template, one set of terms and one number for all languages.
A slot `{a:an}` is a term with its article in the form that its language names `an`; `{n}` is the number.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from whichmodel.domain import Item

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
DIRECTIONS = (("en", "de"), ("en", "fr"), ("en", "es"), ("de", "en"), ("fr", "en"), ("es", "en"))


@dataclass(frozen=True, slots=True)
class Term:
    """A part in four languages, its genders, and its traits."""

    en: str
    de: str
    fr: str
    es: str
    genders: str
    """German (m, f, n), French (m, f), Spanish (m, f)."""
    traits: str = ""
    """e electric, r turning, f with a flow through it, a adjustable."""


TERMS = (
    Term(
        "pressure relief valve",
        "Druckbegrenzungsventil",
        "limiteur de pression",
        "válvula limitadora",
        "nmf",
        "f",
    ),
    Term(
        "coolant pump", "Kühlmittelpumpe", "pompe de refroidissement", "bomba de refrigerante", "fff", "erf"
    ),
    Term("heat exchanger", "Wärmetauscher", "échangeur de chaleur", "intercambiador de calor", "mmm", "f"),
    Term("circuit breaker", "Leistungsschalter", "disjoncteur", "disyuntor", "mmm", "a"),
    Term("control cabinet", "Schaltschrank", "armoire électrique", "armario eléctrico", "mfm"),
    Term("drive shaft", "Antriebswelle", "arbre d'entraînement", "eje de accionamiento", "fmm", "r"),
    Term("oil filter", "Ölfilter", "filtre à huile", "filtro de aceite", "mmm", "f"),
    Term("air filter", "Luftfilter", "filtre à air", "filtro de aire", "mmm"),
    Term("proximity sensor", "Näherungssensor", "capteur de proximité", "sensor de proximidad", "mmm", "a"),
    Term(
        "temperature sensor",
        "Temperatursensor",
        "capteur de température",
        "sensor de temperatura",
        "mmm",
        "a",
    ),
    Term("conveyor belt", "Förderband", "bande transporteuse", "cinta transportadora", "nff", "e"),
    Term("hydraulic cylinder", "Hydraulikzylinder", "vérin hydraulique", "cilindro hidráulico", "mmm"),
    Term("power supply", "Netzteil", "bloc d'alimentation", "fuente de alimentación", "nmf", "e"),
    Term("gearbox", "Getriebe", "réducteur", "reductor", "nmm", "r"),
    Term("bearing housing", "Lagergehäuse", "corps de palier", "alojamiento del rodamiento", "nmm"),
    Term("safety guard", "Schutzabdeckung", "carter de protection", "cubierta de protección", "fmf"),
    Term(
        "frequency converter",
        "Frequenzumrichter",
        "variateur de fréquence",
        "variador de frecuencia",
        "mmm",
        "ea",
    ),
    Term("flow meter", "Durchflussmesser", "débitmètre", "caudalímetro", "mmm", "fa"),
    Term("pressure gauge", "Manometer", "manomètre", "manómetro", "nmm"),
    Term("storage tank", "Lagertank", "réservoir de stockage", "depósito de almacenamiento", "mmm"),
    Term("spindle motor", "Spindelmotor", "moteur de broche", "motor del husillo", "mmm", "er"),
    Term("suction hose", "Saugschlauch", "tuyau d'aspiration", "manguera de aspiración", "mmf", "f"),
    Term("mounting bracket", "Montagewinkel", "support de fixation", "soporte de montaje", "mmm"),
    Term("terminal block", "Klemmleiste", "bornier", "regleta de bornes", "fmf"),
    Term("check valve", "Rückschlagventil", "clapet anti-retour", "válvula antirretorno", "nmf", "f"),
    Term(
        "cooling fan",
        "Kühlventilator",
        "ventilateur de refroidissement",
        "ventilador de refrigeración",
        "mmm",
        "er",
    ),
    Term("clutch disc", "Kupplungsscheibe", "disque d'embrayage", "disco de embrague", "fmm", "r"),
    Term("toothed belt", "Zahnriemen", "courroie dentée", "correa dentada", "mff"),
    Term("gearbox", "Untersetzungsgetriebe", "boîte d'engrenages", "caja de engranajes", "nff", "r"),
    Term("speed reducer", "Getriebe", "réducteur de vitesse", "reductor de velocidad", "nmm", "r"),
    Term("pressure gauge", "Druckmessgerät", "indicateur de pression", "indicador de presión", "nmm"),
    Term("conveyor belt", "Transportband", "tapis convoyeur", "banda de transporte", "nmf", "e"),
    Term("heat exchanger", "Wärmeübertrager", "échangeur thermique", "termocambiador", "mmm", "f"),
    Term("power supply", "Stromversorgung", "alimentation électrique", "unidad de alimentación", "fff", "e"),
    Term("timing belt", "Zahnriemen", "courroie crantée", "correa de distribución", "mff"),
    Term(
        "frequency converter",
        "Frequenzwandler",
        "convertisseur de fréquence",
        "convertidor de frecuencia",
        "mmm",
        "ea",
    ),
    Term("safety guard", "Schutzhaube", "capot de protection", "resguardo de seguridad", "fmm"),
    Term("cooling fan", "Lüfter", "ventilateur", "ventilador", "mmm", "er"),
    Term("limit switch", "Endschalter", "interrupteur de fin de course", "final de carrera", "mmm", "ea"),
    Term("ball bearing", "Kugellager", "roulement à billes", "rodamiento de bolas", "nmm", "r"),
    Term("solenoid valve", "Magnetventil", "électrovanne", "electroválvula", "nff", "ef"),
    Term("vacuum pump", "Vakuumpumpe", "pompe à vide", "bomba de vacío", "fff", "erf"),
    Term("drip tray", "Auffangwanne", "bac de récupération", "bandeja de goteo", "fmf"),
    Term("sealing ring", "Dichtring", "bague d'étanchéité", "anillo de estanqueidad", "mfm"),
)
"""Some parts have two names: which one is right, the glossary alone says."""

ARTICLES = {
    "de": {
        "nom": {"m": "der", "f": "die", "n": "das"},
        "acc": {"m": "den", "f": "die", "n": "das"},
        "dat": {"m": "dem", "f": "der", "n": "dem"},
        "an": {"m": "am", "f": "an der", "n": "am"},
        "in": {"m": "im", "f": "in der", "n": "im"},
    },
    "fr": {"le": {"m": "le", "f": "la", "": "l'"}, "du": {"m": "du", "f": "de la", "": "de l'"}},
    "es": {"el": {"m": "el", "f": "la"}, "del": {"m": "del", "f": "de la"}},
}

# fmt: off
UNITS = {
    "Nm": ("N·m", "Nm", "N m", "N.m", "N⋅m"),
    "bar": ("bar", "bars", "bares"),
    "°C": ("°C", "degrees Celsius", "Grad Celsius", "degrés Celsius", "grados Celsius"),
    "mm": ("mm", "millimetres", "millimeters", "Millimeter", "Millimetern", "millimètres", "milímetros"),
    "V": ("V", "volts", "Volt", "voltios"),
    "A": ("A", "amps", "amperes", "Ampere", "ampères", "amperios"),
    "%": ("%", "percent", "per cent", "Prozent", "pour cent", "por ciento"),
    "kg": ("kg", "kilograms", "Kilogramm", "kilogrammes", "kilogramos", "kilos"),
    "g": ("g", "grams", "Gramm", "grammes", "gramos"),
    "ms": ("ms", "milliseconds", "Millisekunden", "millisecondes", "milisegundos"),
    "min": ("min", "minutes", "Minuten", "minutos"),
    "h": ("h", "hours", "operating hours", "service hours", "Stunden", "Betriebsstunden", "heures", "horas"),
    "rpm": (
        "rpm", "r/min", "rev/min", "revolutions per minute", "U/min", "1/min", "min⁻¹", "min-1",
        "Umdrehungen pro Minute", "tr/min", "tours/min", "tours par minute", "revoluciones por minuto",
    ),
    "l/min": (
        "l/min", "litres per minute", "liters per minute", "Liter pro Minute", "litres par minute",
        "litros por minuto",
    ),
}
"""Accepted spellings of each unit."""

NEGATIONS = {
    "en": ("not", "never", "*n't", "cannot", "avoid", "forbidden", "prohibited"),
    "de": ("nicht", "nie", "niemals", "kein*", "vermeiden", "verboten", "untersagt"),
    "fr": ("ne", "n'", "jamais", "évit*", "interdit*", "proscri*"),
    "es": ("no", "nunca", "jamás", "evit*", "prohib*"),
}
"""Words that turn an instruction into a prohibition."""
LIMITS: dict[str, dict[str, tuple[str, ...]]] = {
    "never": dict.fromkeys(LANGUAGES, ()),
    "most": {
        "en": ("at most", "maximum", "limited", "below", "under", "up to"),
        "de": ("höchstens", "maxim*", "begrenz*", "unter"),
        "fr": ("au plus", "maxim*", "limit*", "inférieur*"),
        "es": ("máxim*", "limit*", "inferior*", "hasta"),
    },
    "least": {
        "en": ("at least", "minimum", "above"),
        "de": ("mindestens", "minim*", "wenigstens"),
        "fr": ("au moins", "minim*", "supérieur*"),
        "es": ("al menos", "mínim*", "superior*"),
    },
}
"""Words that set a limit without a negation."""
# fmt: on


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence in four languages; the traits its terms need; the range, step and unit of its number."""

    en: str
    de: str
    fr: str
    es: str
    traits: str = ""
    """Trait of term a. "" = any term fits."""
    low: str = ""
    high: str = ""
    step: str = "1"
    unit: str = ""
    """"" = the sentence has no number."""
    sense: str = ""
    """never: it forbids. most, least: it sets a limit by a negation. do: it orders. "" = none of these."""


TEMPLATES = (
    Template(
        "Tighten the screws on {a:the} to a torque of {n} N·m.",
        "Ziehen Sie die Schrauben {a:an} mit einem Drehmoment von {n} N·m an.",
        "Serrez les vis {a:du} à un couple de {n} N·m.",
        "Apriete los tornillos {a:del} con un par de {n} N·m.",
        "", "4", "95", "0.5", "Nm", sense="do",
    ),
    Template(
        "The maximum pressure at {a:the} is {n} bar.",
        "Der maximale Druck {a:an} beträgt {n} bar.",
        "La pression maximale au niveau {a:du} est de {n} bar.",
        "La presión máxima en {a:el} es de {n} bar.",
        "f", "1.2", "48", "0.1", "bar",
    ),
    Template(
        "Replace {a:the} after {n} operating hours.",
        "Tauschen Sie {a:acc} nach {n} Betriebsstunden aus.",
        "Remplacez {a:le} après {n} heures de fonctionnement.",
        "Sustituya {a:el} después de {n} horas de funcionamiento.",
        "", "1100", "9900", "50", "h", sense="do",
    ),
    Template(
        "Switch off {a:the} before you remove {b:the}.",
        "Schalten Sie {a:acc} aus, bevor Sie {b:acc} ausbauen.",
        "Arrêtez {a:le} avant de démonter {b:le}.",
        "Apague {a:el} antes de desmontar {b:el}.",
        "e", sense="do",
    ),
    Template(
        "If the temperature at {a:the} exceeds {n} °C, check {b:the}.",
        "Wenn die Temperatur {a:an} {n} °C überschreitet, prüfen Sie {b:acc}.",
        "Si la température au niveau {a:du} dépasse {n} °C, contrôlez {b:le}.",
        "Si la temperatura en {a:el} supera los {n} °C, compruebe {b:el}.",
        "", "45", "145", "0.5", "°C",
    ),
    Template(
        "Keep a distance of at least {n} mm between {a:the} and {b:the}.",
        "Halten Sie zwischen {a:dat} und {b:dat} einen Abstand von mindestens {n} mm ein.",
        "Maintenez une distance d'au moins {n} mm entre {a:le} et {b:le}.",
        "Mantenga una distancia mínima de {n} mm entre {a:el} y {b:el}.",
        "", "12", "900", "1", "mm",
    ),
    Template(
        "Connect {a:the} to a supply voltage of {n} V.",
        "Schließen Sie {a:acc} an eine Versorgungsspannung von {n} V an.",
        "Raccordez {a:le} à une tension d'alimentation de {n} V.",
        "Conecte {a:el} a una tensión de alimentación de {n} V.",
        "e", "12", "690", "1", "V", sense="do",
    ),
    Template(
        "Wait {n} minutes before you touch {a:the}.",
        "Warten Sie {n} Minuten, bevor Sie {a:acc} berühren.",
        "Attendez {n} minutes avant de toucher {a:le}.",
        "Espere {n} minutos antes de tocar {a:el}.",
        "", "11", "90", "1", "min",
    ),
    Template(
        "An alarm is triggered when the load on {a:the} exceeds {n} %.",
        "Ein Alarm wird ausgelöst, wenn die Belastung {a:an} {n} % überschreitet.",
        "Une alarme se déclenche lorsque la charge {a:du} dépasse {n} %.",
        "Se activa una alarma cuando la carga {a:del} supera el {n} %.",
        "r", "60", "99", "0.5", "%",
    ),
    Template(
        "Clean {a:the} with compressed air at no more than {n} bar.",
        "Reinigen Sie {a:acc} mit Druckluft von höchstens {n} bar.",
        "Nettoyez {a:le} à l'air comprimé à {n} bar au maximum.",
        "Limpie {a:el} con aire comprimido a un máximo de {n} bar.",
        "", "1.2", "8", "0.1", "bar",
    ),
    Template(
        "{a:the} weighs {n} kg: plan for two persons to lift it.",
        "{a:nom} wiegt {n} kg: Planen Sie zwei Personen für das Anheben ein.",
        "{a:le} pèse {n} kg : prévoyez deux personnes pour le levage.",
        "{a:el} pesa {n} kg: prevea dos personas para levantar la carga.",
        "", "26", "95", "0.1", "kg",
    ),
    Template(
        "{a:the} runs at {n} rpm under full load.",
        "{a:nom} läuft unter Volllast mit {n} U/min.",
        "{a:le} tourne à {n} tr/min à pleine charge.",
        "{a:el} gira a {n} rpm a plena carga.",
        "r", "1200", "8900", "10", "rpm",
    ),
    Template(
        "Check {a:the} for leaks every {n} hours.",
        "Prüfen Sie {a:acc} alle {n} Stunden auf Undichtigkeiten.",
        "Contrôlez l'étanchéité {a:du} toutes les {n} heures.",
        "Compruebe la estanqueidad {a:del} cada {n} horas.",
        "f", "24", "960", "1", "h", sense="do",
    ),
    Template(
        "The flow through {a:the} must not fall below {n} l/min.",
        "Der Durchfluss durch {a:acc} darf {n} l/min nicht unterschreiten.",
        "Le débit à travers {a:le} ne doit pas descendre sous {n} l/min.",
        "El caudal a través {a:del} no debe bajar de {n} l/min.",
        "f", "2", "85", "0.1", "l/min", sense="least",
    ),
    Template(
        "Do not operate {a:the} without {b:the}.",
        "Betreiben Sie {a:acc} nicht ohne {b:acc}.",
        "N'utilisez pas {a:le} sans {b:le}.",
        "No utilice {a:el} sin {b:el}.",
        "e", sense="never",
    ),
    Template(
        "Apply {n} g of grease to {a:the} once a week.",
        "Tragen Sie einmal pro Woche {n} g Fett auf {a:acc} auf.",
        "Appliquez {n} g de graisse sur {a:le} une fois par semaine.",
        "Aplique {n} g de grasa en {a:el} una vez por semana.",
        "r", "2", "60", "0.5", "g", sense="do",
    ),
    Template(
        "Set {a:the} to a response time of {n} ms.",
        "Stellen Sie {a:acc} auf eine Ansprechzeit von {n} ms ein.",
        "Réglez {a:le} sur un temps de réponse de {n} ms.",
        "Ajuste {a:el} a un tiempo de respuesta de {n} ms.",
        "a", "12", "950", "1", "ms", sense="do",
    ),
    Template(
        "A defective fuse in {a:the} can damage {b:the}.",
        "Eine defekte Sicherung {a:in} kann {b:acc} beschädigen.",
        "Un fusible défectueux dans {a:le} peut endommager {b:le}.",
        "Un fusible defectuoso en {a:el} puede dañar {b:el}.",
        "e",
    ),
    Template(
        "The current through {a:the} must not exceed {n} A.",
        "Der Strom durch {a:acc} darf {n} A nicht überschreiten.",
        "Le courant traversant {a:le} ne doit pas dépasser {n} A.",
        "La corriente a través {a:del} no debe superar los {n} A.",
        "e", "2.5", "63", "0.5", "A", sense="most",
    ),
    Template(
        "Never open {a:the} while {b:the} is under pressure.",
        "Öffnen Sie {a:acc} niemals, solange {b:nom} unter Druck steht.",
        "N'ouvrez jamais {a:le} tant que {b:le} est sous pression.",
        "No abra nunca {a:el} mientras {b:el} esté bajo presión.",
        "", sense="never",
    ),
    Template(
        "Do not clean {a:the} with water hotter than {n} °C.",
        "Reinigen Sie {a:acc} nicht mit Wasser, das heißer als {n} °C ist.",
        "Ne nettoyez pas {a:le} avec de l'eau à plus de {n} °C.",
        "No limpie {a:el} con agua a más de {n} °C.",
        "", "35", "80", "1", "°C", sense="never",
    ),
    Template(
        "Do not load {a:the} with more than {n} kg.",
        "Belasten Sie {a:acc} nicht mit mehr als {n} kg.",
        "Ne chargez pas {a:le} à plus de {n} kg.",
        "No cargue {a:el} con más de {n} kg.",
        "", "15", "950", "5", "kg", sense="never",
    ),
    Template(
        "The speed of {a:the} must not exceed {n} rpm.",
        "Die Drehzahl {a:an} darf {n} U/min nicht überschreiten.",
        "La vitesse {a:du} ne doit pas dépasser {n} tr/min.",
        "La velocidad {a:del} no debe superar las {n} rpm.",
        "r", "1100", "9500", "10", "rpm", sense="most",
    ),
    Template(
        "Do not touch {a:the} within {n} minutes of switching off.",
        "Berühren Sie {a:acc} nach dem Ausschalten {n} Minuten lang nicht.",
        "Ne touchez pas {a:le} pendant les {n} minutes qui suivent l'arrêt.",
        "No toque {a:el} durante los {n} minutos posteriores a la desconexión.",
        "", "11", "90", "1", "min", sense="never",
    ),
    Template(
        "Lubricate {a:the} every {n} hours and wipe off excess grease.",
        "Schmieren Sie {a:acc} alle {n} Stunden und wischen Sie überschüssiges Fett ab.",
        "Graissez {a:le} toutes les {n} heures et essuyez l'excédent de graisse.",
        "Engrase {a:el} cada {n} horas y limpie el exceso de grasa.",
        "r", "24", "960", "1", "h", sense="do",
    ),
    Template(
        "Store {a:the} at a relative humidity of at most {n} %.",
        "Lagern Sie {a:acc} bei einer relativen Luftfeuchtigkeit von höchstens {n} %.",
        "Stockez {a:le} à une humidité relative de {n} % au maximum.",
        "Almacene {a:el} a una humedad relativa máxima del {n} %.",
        "", "35", "85", "0.5", "%",
    ),
    Template(
        "Align {a:the} with {b:the} to within {n} mm.",
        "Richten Sie {a:acc} auf {n} mm genau zu {b:dat} aus.",
        "Alignez {a:le} sur {b:le} à {n} mm près.",
        "Alinee {a:el} con {b:el} con una precisión de {n} mm.",
        "", "0.2", "2.9", "0.1", "mm", sense="do",
    ),
    Template(
        "Disconnect {a:the} from the mains before you open {b:the}.",
        "Trennen Sie {a:acc} vom Netz, bevor Sie {b:acc} öffnen.",
        "Débranchez {a:le} du secteur avant d'ouvrir {b:le}.",
        "Desconecte {a:el} de la red antes de abrir {b:el}.",
        "e", sense="do",
    ),
    Template(
        "If {a:the} vibrates at more than {n} rpm, have {b:the} balanced.",
        "Wenn {a:nom} bei mehr als {n} U/min vibriert, lassen Sie {b:acc} auswuchten.",
        "Si {a:le} vibre à plus de {n} tr/min, faites équilibrer {b:le}.",
        "Si {a:el} vibra a más de {n} rpm, haga equilibrar {b:el}.",
        "r", "1100", "7900", "50", "rpm",
    ),
)  # fmt: skip

COUNTED = tuple(template for template in TEMPLATES if template.unit)
PLAIN = tuple(template for template in TEMPLATES if not template.unit)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with what fills its slots."""

    template: Template
    terms: Mapping[str, Term]
    number: Decimal | None

    def text(self, language: str) -> str:
        """The sentence in one language."""

        def fill(found: re.Match[str]) -> str:
            return _with_article(self.terms[found[1]], found[2], language)

        text = re.sub(r"\{([ab]):(\w+)\}", fill, getattr(self.template, language))
        if self.number is not None:
            text = text.replace("{n}", _written(self.number, language))
        return text[0].upper() + text[1:]


def generate(seed: int, count: int) -> Iterable[Item]:
    """The six directions in turn; an item's stratum is its direction."""
    rng = random.Random(f"technical {seed}")
    for number in range(count):
        source, goal = DIRECTIONS[number % len(DIRECTIONS)]
        sentences = _sentences(rng)
        terms = list(dict.fromkeys(term for sentence in sentences for term in sentence.terms.values()))
        text = " ".join(sentence.text(source) for sentence in sentences)
        reference = " ".join(sentence.text(goal) for sentence in sentences)
        listed = rng.sample([*terms, *_strangers(terms, rng)], len(terms) + 2)
        glossary = {getattr(term, source): getattr(term, goal) for term in listed}
        yield Item(
            id=f"technical-s{seed}-{number:04d}",
            input=_prompt(source, goal, glossary, text),
            target={
                "references": [reference],
                "language": goal,
                "terms": [[getattr(term, goal)] for term in terms],
                "figures": [
                    {"value": str(s.number), "units": list(UNITS[s.template.unit])}
                    for s in sentences
                    if s.number is not None
                ],
                "senses": [_sense(s, goal) for s in sentences if s.template.sense],
            },
            reference=reference,
            stratum=f"{source}-{goal}",
            metadata={"glossary": {getattr(term, source): getattr(term, goal) for term in terms}},
        )


def _sense(sentence: Sentence, goal: str) -> dict[str, list[str]]:
    """What the sentence on its first term must hold, or must not."""
    at, kind = [getattr(sentence.terms["a"], goal)], sentence.template.sense
    if kind == "do":
        return {"at": at, "bars": list(NEGATIONS[goal])}
    return {"at": at, "needs": [*NEGATIONS[goal], *LIMITS[kind][goal]]}


def _strangers(terms: list[Term], rng: random.Random) -> list[Term]:
    """Two entries of the glossary that the passage does not use, and that no part of it could be."""
    first = rng.choice([term for term in TERMS if not any(_alike(term, other) for other in terms)])
    second = rng.choice([t for t in TERMS if not any(_alike(t, other) for other in (*terms, first))])
    return [first, second]


def _alike(one: Term, other: Term) -> bool:
    """Whether two terms have the same name in a language."""
    return any(getattr(one, language) == getattr(other, language) for language in LANGUAGES)


def _sentences(rng: random.Random) -> list[Sentence]:
    """Two sentences with a number and one of any kind, no part named twice."""
    first, second = rng.sample(COUNTED, 2)
    third = rng.choice([t for t in (*PLAIN, *COUNTED) if t not in (first, second)])
    made: list[Sentence] = []
    used: list[Term] = []

    def pick(traits: str = "") -> Term:
        fitting = [term for term in TERMS if set(traits) <= set(term.traits)]
        used.append(rng.choice([t for t in fitting if not any(_alike(t, other) for other in used)]))
        return used[-1]

    for template in rng.sample([first, second, third], 3):
        terms = {"a": pick(template.traits)}
        if "{b:" in template.en:
            terms["b"] = pick()
        made.append(Sentence(template, terms, _number(template, rng)))
    return made


def _number(template: Template, rng: random.Random) -> Decimal | None:
    if not template.unit:
        return None
    low, high, step = Decimal(template.low), Decimal(template.high), Decimal(template.step)
    return (low + step * rng.randint(0, int((high - low) / step))).normalize() + 0


def _written(number: Decimal, language: str) -> str:
    """With the decimal and thousands marks of the language; Spanish parts no number of four digits."""
    text = f"{number:,f}"
    marks = {"en": ".,", "de": ",.", "fr": ",\u202f", "es": ","}[language]
    group = marks[1] if len(marks) == 2 else ""
    return "".join({".": marks[0], ",": group}.get(sign, sign) for sign in text)


def _with_article(term: Term, form: str, language: str) -> str:
    word: str = getattr(term, language)
    if language == "en":
        return f"{form} {word}"
    gender = term.genders[["de", "fr", "es"].index(language)]
    if language == "fr" and word[0].casefold() in "aeéiouh":
        return f"{ARTICLES['fr'][form]['']}{word}"
    return f"{ARTICLES[language][form][gender]} {word}"


def _prompt(source: str, goal: str, glossary: Mapping[str, str], text: str) -> str:
    listed = "\n".join(f"- {one} = {other}" for one, other in glossary.items())
    return (
        f"Translate this passage of a maintenance manual from {LANGUAGES[source]} into {LANGUAGES[goal]}.\n"
        "Use the terms of the glossary and keep every number with its unit. "
        "Reply with the translation only.\n\n"
        f"Glossary ({LANGUAGES[source]} = {LANGUAGES[goal]}):\n{listed}\n\nPassage:\n{text}"
    )
