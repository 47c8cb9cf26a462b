"""The layouts of columns, as data. A column means a field of `Cells`, or one of the words below."""

from typing import Final

from converter.reading.layout import Column, Layout, Looks

DEBIT: Final = "debit"
CREDIT: Final = "credit"
"""An amount under its own side: becomes `amount` and `debitcreditcode`."""
SOURCE: Final = "source"
"""The ERP's reference of a whole entry, which joins its head and its lines."""
TOTAL_DEBIT: Final = "totaldebit"
TOTAL_CREDIT: Final = "totalcredit"
"""What a head says that its lines sum up to."""
UNREAD: Final = ""
"""Means nothing to a ledger."""

_EXTRA: Final = (
    Column("batchid", ("batchno", "partino")),
    Column("batchdescription", ("batchdesc", "partiaciklamasi")),
    Column("originalamount", ("amountoriginal", "foreignamount", "orijinaltutar", "doviztutari", "dovizlitutar")),
    Column("originalcurrency", ("currency", "currencycode", "amountcurrency", "parabirimi", "dovizkodu", "dovizcinsi")),
    Column("exchangerate", ("currencyrate", "rate", "kur", "dovizkuru")),
    Column("exchangeratedate", ("ratedate", "kurtarihi")),
)
"""Columns that the common layout may have besides its own 25."""

COLUMNS25: Final = Layout(
    "columns25",
    ("25 sütunlu düzen", "the layout of 25 columns"),
    (
        Column("detailref", meaning=UNREAD),
        Column("entryref", needed=True),
        Column("linenumber"),
        Column("linenumbercounter"),
        Column("accmainid", ("accountmainid",), needed=True),
        Column("accmainiddesc", ("accmaindesc", "accountmaindescription"), needed=True),
        Column("accsubid", ("accountsubid",)),
        Column("accsubdesc", ("accsubiddesc", "accountsubdescription")),
        Column("amount", ("tutar",), needed=True, looks=Looks.AMOUNT),
        Column("debitcreditcode", ("dccode", "borcalacak"), needed=True, looks=Looks.SIDE),
        Column("postingdate", needed=True, looks=Looks.DATE),
        Column("documenttype", ("doctype",)),
        Column("documenttypedesc", ("doctypedesc", "documenttypedescription")),
        Column("documentnumber", ("docnumber",)),
        Column("documentreference", ("docreference",)),
        Column("entrynumbercounter"),
        Column("documentdate", ("docdate",), looks=Looks.DATE),
        Column("paymentmethod"),
        Column("detailcomment", ("linecomment",)),
        Column("erpno", ("firmno",), meaning=UNREAD),
        Column("divisionno", ("branchno",)),
        Column("enteredby", needed=True),
        Column("entereddate", looks=Looks.DATE),
        Column("entrynumber", needed=True),
        Column("entrycomment"),
    ),
    extra=_EXTRA,
)
"""The common layout of 25 columns."""

COLUMNS23: Final = Layout(
    "columns23",
    ("23 sütunlu düzen (EntryHeader/EntryDetail)", "the layout of 23 columns (EntryHeader/EntryDetail)"),
    (
        Column("StartDate", meaning=UNREAD, looks=Looks.DATE),
        Column("EndDate", meaning=UNREAD, looks=Looks.DATE),
        Column("EntryHeader.EnteredBy", ("EnteredBy",), needed=True, meaning="enteredby"),
        Column("EntryHeader.EnteredDate", ("EnteredDate",), needed=True, meaning="entereddate", looks=Looks.DATE),
        Column("EntryHeader.EntryNumber", ("EntryNumber",), needed=True, meaning="entrynumber"),
        Column("EntryHeader.EntryComment", ("EntryComment",), meaning="entrycomment"),
        Column("EntryHeader.BatchID", ("BatchID",), meaning="batchid"),
        Column("EntryHeader.BatchDescription", ("BatchDescription",), meaning="batchdescription"),
        Column("EntryHeader.TotalDebit", ("TotalDebit",), meaning=UNREAD, looks=Looks.AMOUNT),
        Column("EntryHeader.TotalCredit", ("TotalCredit",), meaning=UNREAD, looks=Looks.AMOUNT),
        Column("EntryHeader.DocumentType", ("DocumentType",), meaning="documenttype"),
        Column("EntryHeader.DocumentTypeDescription", ("DocumentTypeDescription",), meaning="documenttypedesc"),
        Column("EntryHeader.DocumentNumber", ("DocumentNumber",), meaning="documentnumber"),
        Column("EntryHeader.DocumentDate", ("DocumentDate",), meaning="documentdate", looks=Looks.DATE),
        Column("EntryHeader.PaymentMethod", ("PaymentMethod",), meaning="paymentmethod"),
        Column(
            "EntryHeader.EntryDetail.Account.AccountMainID",
            ("EntryDetail.Account.AccountMainID", "Account.AccountMainID", "AccountMainID"),
            needed=True,
            meaning="accmainid",
        ),
        Column(
            "EntryHeader.EntryDetail.Account.AccountMainDescription",
            ("EntryDetail.Account.AccountMainDescription", "Account.AccountMainDescription", "AccountMainDescription"),
            needed=True,
            meaning="accmainiddesc",
        ),
        Column(
            "EntryHeader.EntryDetail.Account.AccountSubDescription",
            ("EntryDetail.Account.AccountSubDescription", "Account.AccountSubDescription", "AccountSubDescription"),
            meaning="accsubdesc",
        ),
        Column(
            "EntryHeader.EntryDetail.Account.AccountSubID",
            ("EntryDetail.Account.AccountSubID", "Account.AccountSubID", "AccountSubID"),
            meaning="accsubid",
        ),
        Column(
            "EntryHeader.EntryDetail.Amount",
            ("EntryDetail.Amount", "Amount"),
            needed=True,
            meaning="amount",
            looks=Looks.AMOUNT,
        ),
        Column(
            "EntryHeader.EntryDetail.DebitCreditCode",
            ("EntryDetail.DebitCreditCode", "DebitCreditCode"),
            needed=True,
            meaning="debitcreditcode",
            looks=Looks.SIDE,
        ),
        Column(
            "EntryHeader.EntryDetail.PostingDate",
            ("EntryDetail.PostingDate", "PostingDate"),
            needed=True,
            meaning="postingdate",
            looks=Looks.DATE,
        ),
        Column(
            "EntryHeader.EntryDetail.DetailComment",
            ("EntryDetail.DetailComment", "DetailComment"),
            meaning="detailcomment",
        ),
    ),
    group=("entrynumber", "entereddate"),
)
"""A head's values in each of its rows, no reference and no counters."""

HEAD: Final = Layout(
    "header-detail",
    ("başlık tablosu (başlık + detay düzeni)", "the table of heads (layout of heads and details)"),
    (
        Column("Yevmiye_Madde_Numarası", ("Yevmiye_Madde_No",), meaning="entrynumbercounter"),
        Column("Fiş_Numarası", ("Fiş_No",), needed=True, meaning="entrynumber"),
        Column("Yevmiye_Tarihi", ("Fiş_Tarihi",), needed=True, meaning="entereddate", looks=Looks.DATE),
        Column("Fişi_Kaydeden", ("Kaydeden", "Fiş_Kaydeden"), needed=True, meaning="enteredby"),
        Column("Kayıt_Açıklaması", ("Fiş_Açıklaması",), meaning="entrycomment"),
        Column("Toplam_Borç", meaning=TOTAL_DEBIT, looks=Looks.AMOUNT),
        Column("Toplam_Alacak", meaning=TOTAL_CREDIT, looks=Looks.AMOUNT),
        Column("Firma_No", meaning=UNREAD),
        Column("Şube_No", meaning="divisionno"),
        Column("Kaynak_Referansı", meaning=SOURCE),
    ),
    group=(),
    part="head",
)
"""One row per entry."""

DETAIL: Final = Layout(
    "header-detail",
    ("detay tablosu (başlık + detay düzeni)", "the table of details (layout of heads and details)"),
    (
        Column("Satır_Madde_No", ("Satır_Yevmiye_Madde_No",), meaning="linenumbercounter"),
        Column("Fiş_Numarası", ("Fiş_No",), needed=True, meaning="entrynumber"),
        Column("Ana_Hesap_Kodu", needed=True, meaning="accmainid"),
        Column("Ana_Hesap_Açıklaması", ("Ana_Hesap_Adı",), needed=True, meaning="accmainiddesc"),
        Column("Alt_Hesap_Kodu", meaning="accsubid"),
        Column("Alt_Hesap_Açıklaması", ("Alt_Hesap_Adı",), meaning="accsubdesc"),
        Column("Borç", ("Borç_Tutarı",), needed=True, meaning=DEBIT, looks=Looks.AMOUNT),
        Column("Alacak", ("Alacak_Tutarı",), needed=True, meaning=CREDIT, looks=Looks.AMOUNT),
        Column("Fiş_Satır_No", meaning=UNREAD),
        Column("Doküman_No", ("Belge_No",), meaning="documentnumber"),
        Column("Doküman_Tipi", ("Belge_Tipi",), meaning="documenttype"),
        Column("Doküman_Tipi_Açıklaması", ("Belge_Tipi_Açıklaması",), meaning="documenttypedesc"),
        Column("Doküman_Tarihi", ("Belge_Tarihi",), meaning="documentdate", looks=Looks.DATE),
        Column("Ödeme_Yöntemi", ("Ödeme_Tipi",), meaning="paymentmethod"),
        Column("Fiş_Detay_Açıklaması", ("Satır_Açıklaması",), meaning="detailcomment"),
        Column("Firma_No", meaning=UNREAD),
        Column("Şube_No", meaning="divisionno"),
        Column("Kaynak_Referansı", meaning=SOURCE),
    ),
    group=(),
    part="detail",
)
"""One row per line; debit and credit stand in columns of their own."""

LAYOUTS: Final = (COLUMNS25, COLUMNS23, HEAD, DETAIL)
"""Tables that are known by their columns."""

REPORT: Final = Layout("report", ("fiş dökümü raporu", "a report of vouchers"), ())
"""A printed list of vouchers: no table, but a text with rows of several kinds (`report`)."""

XML_ENTRY: Final = Layout(
    "xml",
    ("Edefter/MuhasebeKayitlari XML düzeni", "the XML layout Edefter/MuhasebeKayitlari"),
    (
        Column("Girisci", needed=True, meaning="enteredby"),
        Column("GirisTarihi", needed=True, meaning="entereddate"),
        Column("MuhasebeFisNo", needed=True, meaning="entrynumber"),
        Column("KayitAciklamasi", meaning="entrycomment"),
        Column("YevmiyeMaddeNo", meaning="entrynumbercounter"),
    ),
)
"""What stands in a MuhasebeKaydi itself."""

XML_LINE: Final = Layout(
    "xml",
    XML_ENTRY.title,
    (
        Column("SatirYevmiyeMaddeNo", meaning="linenumbercounter"),
        Column("AnaHesapNo", needed=True, meaning="accmainid"),
        Column("AnaHesapAdi", needed=True, meaning="accmainiddesc"),
        Column("AltHesapNo", meaning="accsubid"),
        Column("AltHesapAdi", meaning="accsubdesc"),
        Column("Tutar", needed=True, meaning="amount"),
        Column("BorcAlacakKodu", needed=True, meaning="debitcreditcode"),
        Column("YevmiyeTarihi", needed=True, meaning="postingdate"),
        Column("BelgeReferansi", meaning="documentreference"),
        Column("BelgeTipi", meaning="documenttype"),
        Column("BelgeNo", meaning="documentnumber"),
        Column("BelgeTarihi", meaning="documentdate"),
        Column("BelgeTipiTanimi", meaning="documenttypedesc"),
        Column("OdemeTipi", meaning="paymentmethod"),
        Column("SatirAciklamasi", meaning="detailcomment"),
    ),
)
"""What stands in a KayitDetayi, at any depth."""
