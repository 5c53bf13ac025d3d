"""Từ hình của matplotlib ra điểm ảnh: `Painter` chỉ vẽ lại những artist vừa đổi, `png` mã hóa bức hình."""

import struct
import zlib

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable


class Painter:
    """Giữ nền của hình, và mỗi lần `paint` chỉ vẽ lại những artist từng đổi (*blitting*).

    matplotlib tự đánh dấu ``stale`` lên artist vừa bị sửa. Trong mỗi ``Axes``, artist ấy và mọi thứ nằm trên nó chuyển
    động (không thì ảnh đè lên khung); phần còn lại là nền, vẽ một lần rồi chép lại. Kết quả trùng từng điểm ảnh với vẽ
    lại từ đầu. Trục đổi khoảng thì mọi thứ trong ``Axes`` đó chuyển động; thêm, bớt artist thì dựng lại nền.

    ``movers`` là tập các artist từng đổi; ``moving`` liệt kê những gì được vẽ lại mỗi lần, theo thứ tự vẽ.
    """

    def __init__(self, fig):
        self.fig, self.canvas = fig, FigureCanvasAgg(fig)
        self.canvas.draw()  # lần vẽ này tính chỗ cho mọi nhãn
        fig.set_layout_engine("none")  # từ đây bố cục đứng yên: con số dài thêm cũng không làm hình nhảy
        self.movers, self.moving, self.background = set(), [], None
        self._index(_drawing_order(fig))

    def paint(self):
        """Đưa bức hình về trạng thái hiện tại của các artist; trả về mảng RGBA dạng ``(cao, rộng, 4)``."""
        groups = _drawing_order(self.fig)
        moved = self._moved(groups)
        repainted = any(patch.stale for patch in self.patches)
        if self.background is None or repainted or groups != self.groups or not moved <= self.movers:
            self._split(groups, moved | self.movers)
        self.canvas.restore_region(self.background)
        renderer = self.canvas.get_renderer()
        for artist in self.moving:
            artist.draw(renderer)
        self._settle()
        return np.asarray(self.canvas.buffer_rgba())

    def redraw(self):
        """Cùng bức hình, do matplotlib vẽ lại mọi thứ từ đầu; điểm ảnh của `paint` và mọi dấu ``stale`` còn nguyên."""
        painted = self.canvas.copy_from_bbox(self.fig.bbox)
        stale = [part for part in self.watched if part.stale]
        self._animate(False)
        self.canvas.draw()
        pixels = np.array(self.canvas.buffer_rgba())
        self._animate(True)
        self._settle()
        for part in stale:
            part.stale = True
        self.canvas.restore_region(painted)
        return pixels

    def scale(self, dpi):
        """Đổi số điểm ảnh một inch: lần `paint` sau vẽ cùng bức hình, cùng bố cục, to hay nhỏ hơn."""
        if dpi != self.fig.get_dpi():
            self.fig.set_dpi(dpi)
            self._index(self.groups)  # khung nào cũng đổi cỡ, mà không vì thế thành phần chuyển động
            self.background = None

    def notice(self, message):
        """Tấm bảng báo đè lên bức hình đang có; lần `paint` sau dựng lại hình từ đầu."""
        box = {"boxstyle": "round,pad=0.8", "facecolor": "#fff3cd", "edgecolor": "#b35900", "linewidth": 2}
        board = self.fig.text(0.5, 0.5, message, ha="center", va="center", fontsize=13, color="black", bbox=box)
        board.draw(self.canvas.get_renderer())
        board.remove()
        self.background = None
        return np.asarray(self.canvas.buffer_rgba())

    def _moved(self, groups):
        """Các artist đổi từ lần vẽ trước: bị sửa, hay nằm trong ``Axes`` vừa đổi khoảng."""
        for artist, array in self.arrays.items():
            if artist.get_array() is not array:  # set_array là chỗ duy nhất matplotlib quên đánh dấu
                artist.stale, self.arrays[artist] = True, artist.get_array()
        moved = {artist for artist, parts in self.parts.items() if any(part.stale for part in parts)}
        for axes, artists in groups:
            if axes is not None and self.extents.get(axes) != (now := _extents(axes)):
                self.extents[axes] = now
                moved.update(artists)
        return moved

    def _split(self, groups, moved):
        """Chia các artist thành phần chuyển động (mọi thứ từ ``moved`` đầu tiên trở lên) và nền, rồi vẽ nền."""
        renderer, reach = self.canvas.get_renderer(), []  # reach: chỗ mà phần chuyển động có thể tô lên
        self._animate(False)
        self.movers, self.moving = moved, []
        for axes, artists in groups:
            first = next((i for i, artist in enumerate(artists) if artist in moved), len(artists))
            box = (axes or artists[0]).get_tightbbox(renderer)
            if box is not None and box.count_overlaps(reach):  # nằm trên phần chuyển động của một Axes khác
                first = 0
            if first < len(artists):
                self.moving += artists[first:]
                reach.append(box or self.fig.bbox)
        self._animate(True)
        self.canvas.draw()
        self.background = self.canvas.copy_from_bbox(self.fig.bbox)
        self._index(groups)

    def _animate(self, animated):
        """Artist ``animated`` thì matplotlib chừa ra khi vẽ cả hình."""
        for artist in self.moving:
            artist.set_animated(animated)

    def _index(self, groups):
        """Ghi lại mọi artist con của từng artist, và khoảng của từng ``Axes``, để lần sau biết cái gì đã đổi."""
        self.groups = groups
        self.parts = {artist: artist.findobj() for _, artists in groups for artist in artists}
        self.extents = {axes: _extents(axes) for axes, _ in groups if axes is not None}
        self.patches = [self.fig.patch, *(axes.patch for axes in self.fig.axes)]  # màu nền không nằm trong artist nào
        self.watched = [*self.patches, *(part for parts in self.parts.values() for part in parts)]
        self.arrays = {part: part.get_array() for part in self.watched if isinstance(part, ScalarMappable)}
        self._settle()

    def _settle(self):
        for part in self.watched:
            part.stale = False


def _drawing_order(fig):
    """``[(axes, [artist, …]), …]`` theo thứ tự matplotlib vẽ; artist không thuộc ``Axes`` nào đứng một mình."""
    groups = []
    for child in sorted(fig.get_children(), key=Artist.get_zorder):
        if isinstance(child, Axes):
            hidden = {child.patch}
            hidden.update([] if child.axison else child.findobj(Axis, include_self=False))
            hidden.update([] if child.axison and child.get_frame_on() else child.spines.values())
            artists = [artist for artist in child.get_children() if artist not in hidden]
            groups.append((child, sorted(artists, key=Artist.get_zorder) if child.get_visible() else []))
        elif child is not fig.patch:
            groups.append((None, [child]))
    return groups


def _extents(axes):
    axes.apply_aspect()  # tỷ lệ cố định: khoảng của trục đổi thì khung cũng đổi
    return axes.viewLim.get_points().tobytes() + axes.bbox.get_points().tobytes()


def png(rgba, level):
    """Mã hóa PNG (RFC 2083). Bộ lọc "Up" ghi mỗi dòng bằng hiệu với dòng trên: nền phẳng thành số 0, nén rất nhanh.

    ``rgba`` là mảng uint8 dạng ``(cao, rộng, 4)``, kênh cuối bị bỏ đi; ``level`` là mức nén của zlib, 1 nhanh, 9 gọn.

    >>> png(np.zeros((2, 3, 4), np.uint8), level=1)[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    height, width = rgba.shape[:2]
    rgb = np.empty((height, width, 3), np.uint8)
    for channel in range(3):  # nhanh gấp đôi rgba[..., :3].copy()
        rgb[..., channel] = rgba[..., channel]
    rows = rgb.reshape(height, width * 3)
    filtered = np.full((height, width * 3 + 1), 2, np.uint8)
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = {b"IHDR": header, b"IDAT": zlib.compress(filtered, level), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks.items())


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
