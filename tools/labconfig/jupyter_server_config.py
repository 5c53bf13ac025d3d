# JupyterLab của khóa học: `make lab` chép file này và thư mục vi_VN vào môi trường ảo.
import functools
import warnings
from pathlib import Path

from babel.messages.pofile import read_po
from jupyterlab_server import settings_utils, translation_utils, translations_handler

# JupyterLab luôn chọn widget trước hình, kể cả khi kernel giữ widget đã tắt: mở lại một bài tự lưu sẽ thấy
# "model not found" thay cho hình. Vì vậy lúc lưu, kết quả nào đã có hình thì bỏ phần widget; chạy lại ô là hình
# sống lại.


def keep_the_picture(model, **_):
    if model["type"] != "notebook" or model["content"]["nbformat"] != 4:
        return
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output["data"].pop("application/vnd.jupyter.widget-view+json", None)


c.ContentsManager.pre_save_hook = keep_the_picture  # noqa: F821 (Jupyter đặt sẵn tên c)

# jupytext dựng lại trình quản lý file từ cùng cấu hình này, nên Jupyter nhắc là hook được đặt hai lần: bỏ lời nhắc ấy.
warnings.filterwarnings("ignore", "Overriding existing pre_save_hook", UserWarning)

# Gói tiếng Việt của JupyterLab còn thiếu nhiều câu. Phần dịch thêm nằm ở vi_VN/*.po, mỗi miền dịch một file, và phủ lên
# gói ấy ở cả hai nơi JupyterLab hỏi: bảng dịch gửi cho trang, và các nhãn mà máy chủ dịch lấy.
LOCALE = "vi_VN"
PO = Path(__file__).parent / LOCALE


@functools.cache
def ours():
    """``{miền dịch: {câu gốc, có ngữ cảnh thì ghi trước: các dạng của câu dịch}}``"""
    found = {}
    for path in PO.glob("*.po"):
        with path.open("rb") as file:
            messages = [message for message in read_po(file, LOCALE) if message.id]
        # Câu có số nhiều phải mang hai dạng, dù tiếng Việt chỉ có một: thiếu thì JupyterLab coi như chưa dịch.
        found[path.stem] = {
            "\x04".join(filter(None, (one.context, one.id[0] if one.pluralizable else one.id))): (
                [one.string[0], ""] if one.pluralizable else [one.string]
            )
            for one in messages
        }
    return found


def completed(locale, theirs=translation_utils.get_language_pack):
    catalogs, message = theirs(locale)
    if locale == LOCALE and catalogs:
        for domain, words in ours().items():
            catalogs.setdefault(domain, {"": catalogs["jupyterlab"][""] | {"domain": domain}}).update(words)
    return catalogs, message


def label(self, context, msgid, theirs=translation_utils.TranslationBundle.pgettext):
    own = ours().get(self._domain, {}).get(f"{context}\x04{msgid}") if self._locale == LOCALE else None
    return own[0] if own else theirs(self, context, msgid)


def with_default(*args, theirs=settings_utils.get_settings, **named):
    settings, warned = theirs(*args, **named)
    if named.get("schema_name") == translation_utils.L10N_SCHEMA_NAME:
        settings["settings"].setdefault("locale", settings["schema"]["properties"]["locale"]["default"])
    return settings, warned


translations_handler.get_language_pack = completed
translation_utils.TranslationBundle.pgettext = label
# Máy chủ chỉ dịch theo ngôn ngữ mà người dùng tự chọn: cho dịch cả theo ngôn ngữ mặc định. Nhãn của
# bảng thuộc tính, như loại slide của ô, thì JupyterLab bỏ qua: cho dịch luôn.
settings_utils.get_settings = with_default
translation_utils.DEFAULT_SCHEMA_SELECTORS[r"jupyter\.lab\.metadataforms.*/(label|title)"] = "schema"
