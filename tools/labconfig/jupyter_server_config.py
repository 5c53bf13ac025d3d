# JupyterLab của khóa học: `make lab` chép file này vào môi trường ảo.
#
# JupyterLab luôn chọn widget trước hình, kể cả khi kernel giữ widget đã tắt: mở lại một bài tự lưu sẽ thấy
# "model not found" thay cho hình. Vì vậy lúc lưu, kết quả nào đã có hình thì bỏ phần widget; chạy lại ô là hình
# sống lại.
import warnings


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
