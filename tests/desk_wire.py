"""Stories of our own for three desks: one follows Kast, one all invitations, one what leads to
Ecuador for certain. As ninjs, with what each desk is to get of them."""

import json

Line = tuple[str, str, str | None]
"""Kind of an alert, its leader's name and its country."""


def story(
    uri: str, published: str, source: str, headline: str, *body: str, version: int = 1
) -> bytes:
    """One edition; without a body it is a kill."""
    fields: dict[str, object] = {
        "uri": uri,
        "type": "text",
        "version": str(version),
        "versioncreated": published,
        "provider": source,
        "headline": headline,
        "pubstatus": "usable" if body else "canceled",
        "body_text": "\n\n".join(body) or "This story is withdrawn.",
    }
    return json.dumps(fields).encode()


KAST_TO_BRAZIL = story(
    "urn:desk:brazil",
    "2025-12-26T10:00:00Z",
    "Cordillera Press",
    "Kast to see Lula in January",
    "SANTIAGO, Dec 26 - Chile's President-elect José Antonio Kast will travel to Brazil on 14 "
    "January for talks with President Luiz Inácio Lula da Silva, his office said on Friday.",
    "The two are to speak about trade and the road between the oceans.",
)
PETRO_MAY_COME = story(
    "urn:desk:petro-may",
    "2025-12-27T10:00:00Z",
    "Cordillera Press",
    "Petro weighs trip to Ecuador",
    "BOGOTA, Dec 27 - Colombia's President Gustavo Petro may visit Ecuador on 5 February, an "
    "adviser said on Saturday.",
    "Nothing has been decided, he added.",
)
KAST_INVITES = story(
    "urn:desk:invited",
    "2025-12-27T15:00:00Z",
    "Cordillera Press",
    "Kast asks Peña to Valparaíso",
    "SANTIAGO, Dec 27 - Chile's President-elect José Antonio Kast has invited Paraguay's President "
    "Santiago Peña to his inauguration on 11 March 2026, his office said on Saturday.",
    "Some thirty heads of state are expected in Valparaíso.",
)
KAST_INVITES_TOO = story(
    "urn:desk:invited-too",
    "2025-12-27T18:00:00Z",
    "Agencia del Río",
    "Peña, invitado a la investidura de Kast",
    "ASUNCIÓN, 27 dic - El presidente electo de Chile, José Antonio Kast, invitó al presidente de "
    "Paraguay, Santiago Peña, a su investidura del 11 de marzo de 2026, informó la cancillería.",
    "Peña todavía no ha respondido.",
)
JERI_INVITES = story(
    "urn:desk:lima",
    "2025-12-28T09:00:00Z",
    "Agencia del Río",
    "Jerí invites Paz to Lima",
    "LIMA, Dec 28 - Peru's President José Jerí has invited Bolivia's President Rodrigo Paz to "
    "Lima, the foreign ministry said on Sunday.",
)
PETRO_COMES = story(
    "urn:desk:petro",
    "2025-12-29T10:00:00Z",
    "Agencia del Río",
    "Petro visitará Quito en febrero",
    "BOGOTÁ, 29 dic - El presidente de Colombia, Gustavo Petro, viajará a Ecuador el 5 de febrero, "
    "confirmó este lunes la cancillería.",
)
AT_HOME = story(
    "urn:desk:home",
    "2025-12-29T12:00:00Z",
    "Cordillera Press",
    "Kast meets party leaders",
    "SANTIAGO, Dec 29 - Chile's President-elect José Antonio Kast met the leaders of the parties "
    "that back him in Santiago on Monday to speak about the budget.",
)
TOLD = (
    KAST_TO_BRAZIL,
    PETRO_MAY_COME,
    KAST_INVITES,
    KAST_INVITES_TOO,
    JERI_INVITES,
    AT_HOME,
)
"""In any order. `PETRO_COMES` is to come after them: it confirms."""

KILL_OF_ONE = story("urn:desk:invited", "2026-01-02T09:00:00Z", "Cordillera Press", "", version=2)
KILL_OF_THE_OTHER = story(
    "urn:desk:invited-too", "2026-01-02T10:00:00Z", "Agencia del Río", "", version=2
)

INVITED: Line = ("invitation.new", "Santiago Peña", "CL")
TAKEN_BACK: Line = ("retracted", "Santiago Peña", "CL")
WANTED: dict[str, tuple[Line, ...]] = {
    "kast": (("trip.new", "José Antonio Kast", "BR"), INVITED),
    "invitations": (INVITED, ("invitation.new", "Rodrigo Paz", "PE")),
    "ecuador": (("trip.changed", "Gustavo Petro", "EC"),),
    "sure": (INVITED,),
}
