"""What users read where documents of one set of books do not agree.

`{document}` and `{other}` are the two documents, `{found}` and `{expected}` what each of them says; further names are
a rule's own.
"""

from typing import Final

from defterhane.texts import Text
from validator.texts import Said, say

AGAIN: Final = Text(
    tr="Ayın dosyasını yeniden gönderin: yevmiye, kebir ve rapor aynı kayıtlardan birlikte oluşmalı. Yinelenirse "
    "işletmene bildirin.",
    en="Drop the month's file again: journal, ledger and report have to be made of the same entries, together. If it "
    "happens again, tell the operator.",
)
BERAT_AGAIN: Final = Text(
    tr="Berat, imzalı defterin kendisinden yeniden oluşmalı: ayın dosyasını yeniden gönderin. Defter imzadan sonra "
    "değiştiyse saklanan imzalı dosyayı kullanın.",
    en="The berat has to be made again of the signed ledger itself: drop the month's file again. If the ledger has "
    "changed since signing, use the signed file kept.",
)
NUMBERS_AGAIN: Final = Text(
    tr="Numaralar bir önceki parçanın son numarasından sürmeli: o parçadan sonrakileri sırasıyla yeniden gönderin.",
    en="Numbers go on from the last one of the part before: drop the files of the parts after it again, in order.",
)
PARTS_AGAIN: Final = Text(
    tr="Parçaların tarihlerini düzeltin: ilki ayın 1'inde başlar, her biri öncekinin ertesi günü (bölünen günde aynı "
    "gün) sürer, sonuncusu ayın son günü biter.",
    en="Correct the parts' days: the first begins on the 1st, each goes on the day after the one before (the same day "
    "where a day is split), the last ends on the month's last day.",
)
FILE_ADD: Final = Text(
    tr="Eksik dosyayı klasöre ekleyin; hiç oluşturulmadıysa oluşturun.",
    en="Add the missing file to the folder; if it was never made, make it.",
)
MASTER_DATA: Final = Text(
    tr="Firma bilgilerini düzeltip belgeyi yeniden oluşturun.",
    en="Correct the company's data, and make the document again.",
)
MOVED: Final = Text(
    tr="Yıl içinde başka bir yazılımdan geçtiyseniz bir şey yapmayın; geçmediyseniz numaraları 1'den başlatın.",
    en="If you have moved from another product within the year, do nothing; else let the numbers begin with 1.",
)
KEPT_FILE: Final = Text(
    tr="GİB'e giden dosyayı bırakın, ötekini klasörden çıkarın.",
    en="Leave the file that went to GİB, and take the other out of the folder.",
)
LOOK: Final = Text(
    tr="Bu uyarı ayı durdurmaz; emin olmak için ayın bütün belgelerini bir arada `defterhane validate` ile denetleyin.",
    en="The month does not stop for it; to be sure, check all documents of the month with `defterhane validate`.",
)


SAID: Final[dict[str, Said]] = {
    "agreement.account_total": say(
        "{account} hesabının {side} toplamı {document} belgesinde {found}, {other} belgesinde {expected}.",
        "The {side} total of account {account} is {found} in {document}, and {expected} in {other}.",
        AGAIN,
    ),
    "agreement.account_lines": say(
        "{account} hesabının {side} satırı {document} belgesinde {found}, {other} belgesinde {expected} adet.",
        "Account {account} has {found} {side} lines in {document}, and {expected} in {other}.",
        AGAIN,
    ),
    "agreement.more_accounts": say(
        "{document} ile {other} arasında hesap tutarı veya satır sayısı olarak {found} fark daha var.",
        "{found} more totals or counts of accounts differ between {document} and {other}.",
        AGAIN,
    ),
    "agreement.lines": say(
        "{document} belgesinde {found}, {other} belgesinde {expected} satır var.",
        "There are {found} lines in {document}, and {expected} in {other}.",
        AGAIN,
    ),
    "agreement.line_numbers": say(
        "Satır numaraları {document} belgesinde {found}, {other} belgesinde {expected} aralığında.",
        "The lines' numbers are {found} in {document}, and {expected} in {other}.",
        AGAIN,
    ),
    "agreement.line_contents": say(
        "{document} ile {other} aynı satırları içermiyor: toplamlar tutuyor, ama bir satırın numarası, hesabı, tutarı "
        "veya tarihi farklı.",
        "{document} and {other} do not hold the same lines: the totals agree, but the number, account, amount or date "
        "of a line differs.",
        AGAIN,
    ),
    "agreement.balance": say(
        "{document} belgesinde borç toplamı {found}, alacak toplamı {expected}.",
        "The debits of {document} are {found}, its credits {expected}.",
        AGAIN,
    ),
    "agreement.days": say(
        "{document} {found} günlerini, {other} {expected} günlerini kapsıyor.",
        "{document} covers {found}, and {other} {expected}.",
        AGAIN,
    ),
    "agreement.unique_id": say(
        "{document} belgesinin tekil numarası {found}; {other} belgesine göre {expected} olmalı.",
        "The unique number of {document} is {found}; by {other} it must be {expected}.",
        AGAIN,
    ),
    "agreement.unique_id_number": say(
        "Tekil numaraların sıraları farklı: {document} {found}, {other} {expected}.",
        "The unique numbers' sequences differ: {found} in {document}, {expected} in {other}.",
        MOVED,
    ),
    "agreement.tax_id": say(
        "{document} belgesindeki VKN/TCKN {found}, {other} belgesindeki {expected}.",
        "The tax number is {found} in {document}, and {expected} in {other}.",
        MASTER_DATA,
    ),
    "agreement.branch": say(
        "{document} belgesindeki şube {found}, {other} belgesindeki {expected}.",
        "The branch is {found} in {document}, and {expected} in {other}.",
        MASTER_DATA,
    ),
    "agreement.fiscal_year": say(
        "Hesap dönemi {document} belgesinde {found}, {other} belgesinde {expected}.",
        "The fiscal year is {found} in {document}, and {expected} in {other}.",
        MASTER_DATA,
    ),
    "agreement.currency": say(
        "Defterin para birimi {document} belgesinde {found}, {other} belgesinde {expected}.",
        "The currency of the books is {found} in {document}, and {expected} in {other}.",
        MASTER_DATA,
    ),
    "agreement.created": say(
        "Oluşturma tarihi {document} belgesinde {found}, {other} belgesinde {expected}.",
        "The date of creation is {found} in {document}, and {expected} in {other}.",
        BERAT_AGAIN,
    ),
    "agreement.entries": say(
        "{document} beratı {found} yevmiye maddesi bildiriyor, {other} belgesinde {expected} madde var.",
        "The berat {document} tells of {found} entries, and {other} holds {expected}.",
        BERAT_AGAIN,
    ),
    "agreement.size": say(
        "{document} beratındaki boyut (measurableQuantity) {found} MB; imzalı {other} dosyası {expected} MB.",
        "The size in the berat {document} (measurableQuantity) is {found} MiB; the signed {other} has {expected} MiB.",
        BERAT_AGAIN,
    ),
    "agreement.signature_value": say(
        "{document} beratındaki imza değeri (ds:SignatureValue) {found}, {other} defterininki {expected}.",
        "The signature value (ds:SignatureValue) in the berat {document} is {found}, that of {other} is {expected}.",
        BERAT_AGAIN,
    ),
    "agreement.unsigned": say(
        "{other} imzasız, oysa {document} beratı imzalı dosyadan oluşur.",
        "{other} is not signed, but the berat {document} is made of the signed file.",
        Text(tr="İmzalı defter dosyasını klasöre koyun.", en="Put the signed ledger into the folder."),
    ),
    "agreement.missing": say(
        "{document} belgesinin yanında {expected} yok.",
        "There is no {expected} beside {document}.",
        FILE_ADD,
    ),
    "agreement.twice": say(
        "{document} ile {other} aynı belge olduklarını söylüyor, ama içerikleri farklı.",
        "{document} and {other} say that they are the same document, but differ.",
        KEPT_FILE,
    ),
    "agreement.not_compared": say(
        "{document} belgesi {expected} ile karşılaştırılamadı: gereken bilgi burada yok.",
        "{document} could not be compared with {expected}: what that takes is not known here.",
        LOOK,
    ),
    "document.identity": say(
        "{document} belgesindeki {what} {found}; belge {expected} için yazılmıştı.",
        "The {what} in {document} is {found}; the document was written for {expected}.",
        Text(
            tr="Dosyayı yeniden gönderin; yinelenirse işletmene bildirin.",
            en="Drop the file again; if it happens again, tell the operator.",
        ),
    ),
    "sequence.unique_id": say(
        "{document} belgesinin tekil numarası {found}; {other} belgesinden sonra {expected} olmalı.",
        "The unique number of {document} is {found}; after {other} it must be {expected}.",
        NUMBERS_AGAIN,
    ),
    "sequence.entry_number": say(
        "{document} {found} numaralı yevmiye maddesiyle başlıyor; {other} belgesinden sonra {expected} olmalı.",
        "{document} begins with entry {found}; after {other} it must be {expected}.",
        NUMBERS_AGAIN,
    ),
    "sequence.line_number": say(
        "{document} {found} numaralı satırla başlıyor; {other} belgesinden sonra {expected} olmalı.",
        "{document} begins with line {found}; after {other} it must be {expected}.",
        NUMBERS_AGAIN,
    ),
    "sequence.first_number": say(
        "Hesap döneminin ilk belgesi {document}, ama {what} 1 yerine {found} ile başlıyor.",
        "{document} is the fiscal year's first, but {what} begin with {found} instead of 1.",
        MOVED,
    ),
    "sequence.hole": say(
        "{found} günleri hiçbir parçada yok: {other} ile {document} arasında numaralar devam ediyor, günler etmiyor.",
        "No part covers {found}: between {other} and {document} the numbers run on, the days do not.",
        PARTS_AGAIN,
    ),
    "sequence.missing": say(
        "{found} günlerinin belgeleri yok ({document} yanında).",
        "The documents for {found} are not here (beside {document}).",
        FILE_ADD,
    ),
    "sequence.overlap": say(
        "{document} {found} günü başlıyor, oysa {other} {expected} gününe kadar sürüyor.",
        "{document} begins on {found}, but {other} goes on until {expected}.",
        PARTS_AGAIN,
    ),
    "sequence.first_day": say(
        "Ayın ilk parçası {document} {found} günü başlıyor, {expected} olmalı.",
        "The month's first part {document} begins on {found}, and must on {expected}.",
        PARTS_AGAIN,
    ),
    "sequence.whole_month": say(
        "Parça numarası 000000 olan {document} bütün ayı ({expected}) kapsamalı, {found} günlerini kapsıyor.",
        "{document} has the part number 000000 and must cover the whole month ({expected}); it covers {found}.",
        PARTS_AGAIN,
    ),
    "sequence.whole_and_parts": say(
        "Aynı ayda hem bütün ayın belgesi (000000) hem parça var: {document} ve {other}.",
        "In one month there are the whole month's document (000000) and a part: {document} and {other}.",
        KEPT_FILE,
    ),
    "sequence.part_number": say(
        "{document} belgesinin parça numarası {found}, {expected} olmalı.",
        "The part number of {document} is {found}, and must be {expected}.",
        PARTS_AGAIN,
    ),
    "sequence.fiscal_year": say(
        "Hesap dönemi {document} belgesinde {found}, ondan önceki {other} belgesinde {expected}.",
        "The fiscal year is {found} in {document}, and {expected} in {other} before it.",
        MASTER_DATA,
    ),
    "sequence.branch": say(
        "{document} {found} defteri, bir önceki ayın {other} belgesi {expected} defteri: şube numarası hesap dönemi "
        "boyunca değişmez.",
        "{document} is of {found}, and {other} of the month before of {expected}: a branch's number stays the same "
        "through a fiscal year.",
        MASTER_DATA,
    ),
}
"""All rules of agreement, by id."""
