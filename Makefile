# Hai lệnh: `make lab` mở khóa học, `make test` kiểm tra tất cả. `make` không thôi thì in danh sách lệnh.
PYTHON ?= python3
PORT ?= 8888
LOCALE ?= vi_VN

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/mlcourse-ready
SETTINGS := $(VENV)/share/jupyter/lab/settings/overrides.d
EXTENSION := $(VENV)/share/jupyter/labextensions/mlcourse-lab
WORK := bai_hoc
LESSON ?=
JOBS ?= 2
PYTEST = OPENBLAS_NUM_THREADS=1 MPLBACKEND=agg $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup
HEAVY = tests/lessons tests/colab tests/browser
COLAB := $(VENV)/colab
CLASS := $(VENV)/class
SOLUTIONS ?= yes
TIMEOUT ?= 30
FOLDER ?=
INTO ?= build/lop
HUB := $(VENV)/hub
PROXY := 5.3.0
REPO ?=
TAG ?=
RELEASE_TOOLS = $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[release]"
WORKSPACES = $(VENV)/share/jupyter/lab/workspaces
LAB = JUPYTERLAB_WORKSPACES_DIR="$(CURDIR)/$(WORKSPACES)" $(BIN)/jupyter lab \
	--log-level=WARN --ServerApp.ip=127.0.0.1 --ServerApp.port=$(PORT) --ServerApp.root_dir="$(CURDIR)/$(WORK)" \
	--LabApp.default_url=/lab/tree/$(or $(START),$$START) $(if $(filter 0,$(shell id -u)),--allow-root)

help:  ## in danh sách này
	@echo "Dùng: make LỆNH"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | awk -F@ '{printf "%-22s %s\n", $$1, $$2}'

lab lab-headless: START = 00_tom_tat.ipynb
lab: $(READY) settings lessons  ## mở khóa học trong JupyterLab (PORT=8888; LOCALE=en để thực đơn bằng tiếng Anh)
	@$(LAB)

lab-headless: $(READY) settings lessons  ## như lab, không mở trình duyệt: in địa chỉ kèm mã truy cập
	@$(LAB) --no-browser

present: WORKSPACES = $(VENV)/share/jupyter/lab/present
present: $(READY) settings lessons  ## trình chiếu một bài: make present LESSON=04_1 (OPEN=--no-browser để chỉ in địa chỉ)
	@rm -rf $(WORKSPACES)
	@START=$$($(BIN)/python -m tools.lessons "$(LESSON)") || exit 1; \
		exec env JUPYTER_CONFIG_PATH="$(CURDIR)/tools/labconfig/present" $(LAB) $(OPEN)

# Môi trường riêng của máy chủ lớp học: người học ở đó không cần những thứ để kiểm thử, `make lab` không cần JupyterHub.
hub: as-root hub-settings  ## một lớp trên một máy chủ: sudo make hub (xem README, mục cùng tên)
	@exec $(HUB)/bin/jupyterhub -f tools/hub/jupyterhub_config.py

as-root:
	@test "$$(id -u)" = 0 || { \
		echo; echo "  Chưa chạy: mỗi người học là một người dùng riêng của máy, nên máy chủ của lớp cần quyền root."; \
		echo "  Cách sửa: sudo make hub"; \
		exit 1; }

hub-settings: $(HUB)/mlcourse-ready
	@$(MAKE) -s settings VENV=$(HUB) HUB=$(HUB)/hub
	@MPLCONFIGDIR=$(HUB)/share/mlcourse/fonts $(HUB)/bin/python -c "import matplotlib.font_manager"

handout: $(READY)  ## tài liệu cho người dạy: slide kèm ghi chú, đọc không cần mạng (LESSON=04_1; bỏ trống là mọi bài)
	@$(BIN)/python -m tools.handout build/handout $(LESSON)

assignment: $(CLASS)/ready  ## bài nộp theo nbgrader vào build/lop/release: make assignment LESSON=04_1 (SOLUTIONS=no: không kèm lời giải)
	@$(CLASS)/bin/python -m tools.classroom.assignment "$(LESSON)" --solutions "$(SOLUTIONS)" --into "$(INTO)"

grade: $(CLASS)/ready  ## chấm bài cả lớp, viết build/lop/index.html: make grade FOLDER=bai_nop (thư mục hay file zip; LIST=lop.csv, JOBS=2, TIMEOUT=30)
	@test -n "$(FOLDER)" || { echo; echo "  Chưa chấm được: chưa nói bài nộp ở đâu."; echo "  Cách sửa: make grade FOLDER=thư-mục-hay-file-zip"; exit 1; }
	@OPENBLAS_NUM_THREADS=1 $(CLASS)/bin/python -m tools.classroom.grade "$(FOLDER)" --jobs "$(JOBS)" --timeout "$(TIMEOUT)" --list "$(LIST)" --into "$(INTO)"

fresh: $(READY)  ## lấy bản mới của bài; bản bạn đang làm được cất sang tên khác (LESSON=04_1; bỏ trống là mọi bài)
	@$(BIN)/python -m tools.fresh $(WORK) --fresh --lesson "$(LESSON)"

progress: $(READY)  ## bạn đã làm đến đâu: đọc các bài đã lưu trong $(WORK)/ (WORK=nơi khác)
	@$(BIN)/python -m mlcourse.progress "$(WORK)"

site: $(READY)  ## bản để đọc trong trình duyệt, không cần cài gì, không cần mạng: build/site/index.html (LESSON=04_1)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tools.static_site build/site $(LESSON)

colab: $(READY)  ## bản một file, ô đầu mang theo cả gói: tải lên Colab là chạy (LESSON=04_1; bỏ trống là mọi bài)
	@$(BIN)/python -m tools.standalone build/colab $(LESSON)

stamp: $(READY)  ## ghi tên kho vào huy hiệu và ô đầu của mọi bài: make stamp REPO=ten-ban/ten-kho TAG=v0.1.0
	@$(BIN)/python -m tools.stamp "$(REPO)" "$(TAG)"

check: $(READY)  ## trong vài phút: lint, định dạng, kiểm thử và doctest không cần kernel, không cần trình duyệt
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PYTEST) --doctest-modules $(HEAVY:%=--ignore=%)

test: $(if $(LESSON),,check) $(READY) settings $(COLAB)/ready $(CLASS)/ready  ## mọi thứ CI chạy: check, mọi bài, mọi hình sống, Colab, trình duyệt (LESSON=04_1: một bài)
	$(PYTEST) $(if $(LESSON),--lesson=$(LESSON) --doctest-modules,$(HEAVY))

test-matrix: $(READY) settings  ## bộ kiểm thử trên thư viện cũ nhất và mới nhất được phép, hai bản Python: nửa giờ
	@$(RELEASE_TOOLS)
	@$(BIN)/python -m tools.matrix build/matrix

dist: $(READY)  ## dựng wheel và sdist vào dist/, kiểm tra, cài thử vào môi trường trống
	@$(RELEASE_TOOLS)
	@rm -rf dist *.egg-info && $(BIN)/python -m build
	@$(BIN)/twine check --strict dist/*
	@$(BIN)/python -m tools.release dist

notebooks: $(READY)  ## chạy lại các bài có nguồn hoặc gói vừa đổi, ghi notebooks/*.ipynb (LESSON=04_1: một bài)
	@$(BIN)/python -m tools.build $(LESSON)

bench: $(READY) $(CLASS)/ready  ## đo tốc độ, so với scikit-learn, PyTorch, mlxtend và ipywidgets.interact; đo một lớp trên một máy chủ
	@$(MAKE) -s hub-settings || echo "Chưa dựng được máy chủ lớp học: phần ấy sẽ được bỏ qua."
	@$(BIN)/python -c "import mlxtend, torch" 2> /dev/null || { \
		echo "Cài PyTorch và mlxtend để so tốc độ, một lần; có máy tải đến vài GB …"; \
		$(BIN)/python -m pip install -q -c constraints.txt -e ".[bench]" || \
		echo "Chưa cài được: các dòng cần đến chúng sẽ được bỏ qua."; }
	@status=0; for name in bench_maths bench_live bench_class bench_hub; do echo "== $$name"; OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.$$name || status=1; done; exit $$status

clean:  ## xóa môi trường ảo và những gì sinh ra; bài học, và sổ điểm trong build/lop, giữ nguyên
	test ! -d build || find build -mindepth 1 -maxdepth 1 ! -name lop -exec rm -rf {} +
	rm -rf $(VENV) dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf

# Người học làm bài trong $(WORK), git không giữ: make lab chỉ thêm bài còn thiếu, và thay bài chưa ai sửa.
lessons: $(READY)
	@$(BIN)/python -m tools.fresh $(WORK)

# Thực đơn tiếng Việt là mặc định của môi trường ảo này, không phải của tài khoản người dùng.
settings: $(READY)
	@grep -qxF "$(CURDIR)" $(READY) || { \
		echo; echo "  Chưa mở được: môi trường ảo được dựng ở một thư mục khác, mà thư mục khóa học đã dời hay đổi tên."; \
		echo "  Cách sửa: make clean, rồi chạy lại."; \
		exit 1; }
	@mkdir -p $(SETTINGS) && sed 's/vi_VN/$(LOCALE)/' tools/labconfig/default_setting_overrides.json > $(SETTINGS)/mlcourse.json
	@mkdir -p $(VENV)/etc/jupyter/labconfig && cp tools/labconfig/page_config.json $(VENV)/etc/jupyter/labconfig/
	@rm -rf $(VENV)/etc/jupyter/vi_VN && cp -R tools/labconfig/jupyter_server_config.py tools/labconfig/vi_VN $(VENV)/etc/jupyter/
	@rm -rf $(EXTENSION) && mkdir -p $(EXTENSION) && cp -R tools/labconfig/extension/. $(EXTENSION)/

# Môi trường với phiên bản thư viện của Colab; wheel của setuptools để ô đầu của bài cài được mlcourse mà không ra mạng.
$(COLAB)/ready: tests/helpers/colab/requirements.txt tools/install.py
	@$(PYTHON) tools/install.py $(COLAB) $<
	@$(COLAB)/bin/python -m pip download -q --disable-pip-version-check --no-deps -d $(COLAB)/wheels "setuptools>=77"
	@touch $@

# Môi trường để chấm bài cả lớp: nbgrader mang theo phần mở rộng cho JupyterLab, nên không ở chung với người học.
$(CLASS)/ready: pyproject.toml constraints.txt tools/install.py
	@$(PYTHON) tools/install.py $(CLASS) "[class]"
	@touch $@

$(HUB)/mlcourse-ready: pyproject.toml constraints.txt tools/install.py
	@node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2> /dev/null && command -v npm > /dev/null || { \
		echo; echo "  Chưa cài được: máy chủ của lớp cần Node.js từ bản 20 và npm, cho proxy của JupyterHub."; \
		echo "  Cách sửa: Debian 13, Ubuntu 25.04 trở lên: apt install nodejs npm; bản cũ hơn: tải ở nodejs.org. Rồi chạy lại."; \
		exit 1; }
	@$(PYTHON) tools/install.py $(HUB) "[lab,hub]"
	@npm install --silent --no-fund --no-audit --prefix $(HUB)/proxy configurable-http-proxy@$(PROXY) || { \
		echo; echo "  Chưa cài được: npm không tải được configurable-http-proxy."; \
		echo "  Cách sửa: kiểm tra mạng, rồi chạy lại."; \
		exit 1; }
	@echo "$(CURDIR)" > $@

$(READY): pyproject.toml constraints.txt tools/install.py
	@command -v $(PYTHON) > /dev/null || { \
		echo; echo "  Chưa cài được: không thấy lệnh $(PYTHON)."; \
		echo "  Cách sửa: cài Python 3.11, 3.12 hoặc 3.13 (Debian, Ubuntu: apt install python3 python3-venv), rồi chạy lại."; \
		exit 1; }
	@$(PYTHON) tools/install.py $(VENV)
	@echo "$(CURDIR)" > $@

.PHONY: help lab lab-headless present hub hub-settings as-root handout assignment grade fresh progress site colab stamp check test test-matrix notebooks bench dist clean settings lessons
.DEFAULT_GOAL := help
