"""How columns are called, in the languages that address books speak.

Compared as `tables.heading` gives them. A word stands for one column only; where languages disagree ("nom" is a last
name beside "prénom", a whole name alone), `columns_of` decides by what else is there.
"""

from coachhub.network.service.imports.people import Column

_CALLED = {
    Column.FIRST_NAME: (
        "first name|firstname|given name|forename|vorname|prénom|prenom|nombre de pila|voornaam|roepnaam|imię|имя|"
        "förnamn|fornavn|etunimi|nome próprio|primeiro nome|adı|名|الاسم الأول|שם פרטי"
    ),
    Column.LAST_NAME: (
        "last name|lastname|family name|surname|nachname|familienname|nom de famille|apellidos|apellido|cognome|"
        "sobrenome|apelido|achternaam|nazwisko|фамилия|efternamn|etternavn|efternavn|sukunimi|soyadı|姓|اسم العائلة|"
        "שם משפחה"
    ),
    Column.NAME: (
        "name|full name|fullname|display name|contact|contact name|contact person|person|friend|nom complet|"
        "vollständiger name|anzeigename|nombre completo|nombre y apellidos|nome completo|naam|volledige naam|namn|navn|"
        "imię i nazwisko|фио|полное имя|ad soyad|姓名|名前|氏名|이름|الاسم|الاسم الكامل|שם"
    ),
    Column.COMPANY: (
        "company|company name|organization|organisation|organization name|employer|firm|firma|unternehmen|arbeitgeber|"
        "organisation name|entreprise|société|societe|employeur|empresa|compañía|azienda|società|bedrijf|werkgever|"
        "företag|virksomhed|bedrift|yritys|компания|организация|şirket|公司|单位|会社|会社名|회사|الشركة|חברה"
    ),
    Column.TITLE: (
        "position|job title|jobtitle|role|occupation|organization title|function|stelle|funktion|berufsbezeichnung|"
        "rolle|poste|fonction|puesto|cargo|posizione|qualifica|ruolo|functie|befattning|stilling|titel|stanowisko|"
        "должность|pozisyon|ünvan|unvan|职位|职务|役職|직책|المسمى الوظيفي|المنصب|תפקיד"
    ),
    Column.EMAIL: (
        "email|e-mail|mail|email address|e-mail address|primary email|work email|e-mail-adresse|emailadresse|e-mail 1|"
        "email 1|adresse e-mail|adresse email|adresse mail|courriel|correo|correo electrónico|dirección de correo|"
        "dirección de correo electrónico|indirizzo e-mail|indirizzo email|endereço de e-mail|endereço de email|"
        "e-mailadres|emailadres|e-postadress|e-post|e-mailadresse|adres e-mail|электронная почта|адрес e-mail|почта|"
        "e-posta|邮箱|电子邮件|电子邮箱|メール|メールアドレス|이메일|البريد الإلكتروني|דואל"
    ),
    Column.PHONE: (
        "phone|phone number|telephone|mobile|mobile phone|mobile number|cell|cell phone|tel|primary phone|work phone|"
        "telefon|telefonnummer|mobil|mobiltelefon|handy|téléphone|portable|téléphone mobile|teléfono|"
        "teléfono móvil|móvil|celular|telefono|cellulare|telefone|telemóvel|telefoon|mobiele telefoon|telefoonnummer|"
        "puhelin|телефон|мобильный телефон|cep telefonu|电话|手机|電話|電話番号|전화|휴대폰|الهاتف|טלפון|נייד"
    ),
    Column.CITY: (
        "city|town|location|home city|business city|work city|ort|stadt|wohnort|ville|ciudad|localidad|città|cidade|"
        "localidade|plaats|woonplaats|stad|by|kaupunki|miasto|город|şehir|城市|都市|도시|المدينة|עיר"
    ),
    Column.PROFILE: (
        "url|profile|profile url|linkedin|linkedin url|linkedin profile|public profile url|profil|profil-url|"
        "profil linkedin|url du profil|perfil|url del perfil|url do perfil|profilo|profiel|профиль"
    ),
    Column.KNOWN_SINCE: (
        "connected on|known since|connected|connection date|since|verbunden am|in kontakt seit|vernetzt am|"
        "bekannt seit|date de connexion|connecté le|en relation depuis le|relation depuis|fecha de conexión|"
        "conectado el|contacto desde|data di collegamento|collegato il|data da conexão|conectado em|verbonden op|"
        "ansluten den|kontakt sedan|data połączenia|дата установления контакта|дата контакта"
    ),
    Column.NOTES: (
        "notes|note|comment|comments|remarks|notizen|notiz|bemerkung|bemerkungen|anmerkungen|kommentar|remarques|"
        "commentaire|commentaires|notas|comentarios|observaciones|appunti|observações|notities|opmerkingen|anteckningar|"
        "noter|merknader|notatki|uwagi|заметки|комментарий|notlar|备注|メモ|備考|메모|ملاحظات|הערות"
    ),
}
_COLUMN_OF = {word: column for column, words in _CALLED.items() for word in words.split("|")}
_LAST_BESIDE_FIRST = frozenset(("nom", "naam", "name", "apellidos", "namn", "navn", "efternamn"))
_FIRST_BESIDE_LAST = frozenset(("nombre", "nome", "ad"))
_WHOLE_ALONE = frozenset(("nom", "nombre", "nome", "ad"))


def columns_of(header: tuple[str, ...]) -> dict[Column, int]:
    """Which column of a header, given as headings, holds what; the first where two are called alike."""
    found: dict[Column, int] = {}
    for place, word in enumerate(header):
        if column := _COLUMN_OF.get(word):
            found.setdefault(column, place)
    for place, word in enumerate(header):
        if column := _by_the_others(word, found):
            found.setdefault(column, place)
    if Column.LAST_NAME in found and found.get(Column.NAME) == found[Column.LAST_NAME]:
        del found[Column.NAME]
    return found


def _by_the_others(word: str, found: dict[Column, int]) -> Column | None:
    if word in _LAST_BESIDE_FIRST and Column.FIRST_NAME in found and Column.LAST_NAME not in found:
        return Column.LAST_NAME
    if word in _FIRST_BESIDE_LAST and Column.LAST_NAME in found:
        return Column.FIRST_NAME
    return Column.NAME if word in _WHOLE_ALONE and not found.keys() & set(_NAMES) else None


_NAMES = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)
