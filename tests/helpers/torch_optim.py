"""Số của PyTorch cho tests/test_optim.py, ghi vào torch_optim.json: chạy ``python -m tests.helpers.torch_optim`` ở nơi có PyTorch.

Mỗi bộ tối ưu đi 200 bước từ cùng một điểm, theo cùng một dãy gradient: gradient của một hàm bậc bốn không lồi (``gradient``),
cộng một nhiễu cho trước, viết được bằng NumPy lẫn PyTorch. Mỗi lịch cho 200 giá trị.
"""

import json
from pathlib import Path

import numpy as np

STEPS = 200
FILE = Path(__file__).with_name("torch_optim.json")
START = {"w": np.linspace(-1.5, 1.5, 6).reshape(2, 3), "b": np.array([0.7, -0.3])}
NOISE = [
    {name: 0.3 * rng.normal(size=p.shape) for name, p in START.items()}
    for rng in [np.random.default_rng(0)]
    for _ in range(STEPS)
]

OPTIMIZERS = {  # tên -> (bộ tối ưu của mlcourse, đối số; bộ tối ưu của PyTorch, đối số)
    "sgd": ("sgd", (0.03,), {}, "SGD", {"lr": 0.03}),
    "sgd, momentum": ("sgd", (0.01,), {"momentum": 0.9}, "SGD", {"lr": 0.01, "momentum": 0.9}),
    "sgd, nesterov": (
        "sgd",
        (0.01,),
        {"momentum": 0.8, "nesterov": True},
        "SGD",
        {"lr": 0.01, "momentum": 0.8, "nesterov": True},
    ),
    "rmsprop": ("rmsprop", (), {}, "RMSprop", {}),
    "rmsprop, decay": (
        "rmsprop",
        (0.003,),
        {"decay": 0.9, "eps": 1e-3},
        "RMSprop",
        {"lr": 0.003, "alpha": 0.9, "eps": 1e-3},
    ),
    "adam": ("adam", (), {}, "Adam", {}),
    "adam, b1 b2": (
        "adam",
        (0.05,),
        {"b1": 0.5, "b2": 0.9, "eps": 1e-3},
        "Adam",
        {"lr": 0.05, "betas": (0.5, 0.9), "eps": 1e-3},
    ),
    "adamw": ("adamw", (), {}, "AdamW", {}),
    "adamw, decay": ("adamw", (0.02,), {"weight_decay": 0.3}, "AdamW", {"lr": 0.02, "weight_decay": 0.3}),
}
SCHEDULES = {  # tên -> cách dựng lịch của mlcourse; lịch của PyTorch ở torch_schedule
    "step_decay": lambda optim: optim.step_decay(0.2, factor=0.5, every=30),
    "step_decay, mặc định": lambda optim: optim.step_decay(0.2, every=50),
    "cosine": lambda optim: optim.cosine(0.2, n_steps=STEPS),
    "cosine, final": lambda optim: optim.cosine(0.2, n_steps=STEPS, final=0.05),
    "warmup": lambda optim: optim.warmup(0.2, n_steps=40),
    "warmup, cosine": lambda optim: optim.warmup(optim.cosine(0.2, n_steps=STEPS), n_steps=40),
}


def gradient(params, t):
    """Gradient của Σ (x⁴/4 - x²) + ½ (Σ x)² theo từng tham số, cộng nhiễu của bước t."""
    return {name: x**3 - 2 * x + x.sum() + NOISE[t][name] for name, x in params.items()}


def torch_path(torch, name):
    *_, kind, options = OPTIMIZERS[name]
    params = {key: torch.nn.Parameter(torch.tensor(p, dtype=torch.float64)) for key, p in START.items()}
    optimizer, path = getattr(torch.optim, kind)(list(params.values()), **options), []
    for t in range(STEPS):
        for key, g in gradient({key: p.detach().numpy() for key, p in params.items()}, t).items():
            params[key].grad = torch.tensor(g)
        optimizer.step()
        path.append({key: p.detach().numpy().copy() for key, p in params.items()})
    return path


def torch_schedule(torch, name):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.2)
    lr = torch.optim.lr_scheduler
    made = {
        "step_decay": lambda: [lr.StepLR(optimizer, 30, gamma=0.5)],
        "step_decay, mặc định": lambda: [lr.StepLR(optimizer, 50)],
        "cosine": lambda: [lr.CosineAnnealingLR(optimizer, STEPS)],
        "cosine, final": lambda: [lr.CosineAnnealingLR(optimizer, STEPS, eta_min=0.05)],
        "warmup": lambda: [lr.LinearLR(optimizer, 1 / 40, total_iters=39)],
        "warmup, cosine": lambda: [
            lr.LinearLR(optimizer, 1 / 40, total_iters=39),
            lr.CosineAnnealingLR(optimizer, STEPS),
        ],
    }[name]()
    values = []
    for _ in range(STEPS):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        for scheduler in made:
            scheduler.step()
    return values


def numbers(torch):
    paths = {
        name: [{key: p.tolist() for key, p in torch_path(torch, name)[t].items()} for t in (0, 1, 9, 49, 199)]
        for name in OPTIMIZERS
    }
    return {
        "torch": torch.__version__,
        "steps": [1, 2, 10, 50, 200],
        "paths": paths,
        "schedules": {name: torch_schedule(torch, name) for name in SCHEDULES},
    }


if __name__ == "__main__":
    import torch

    FILE.write_text(json.dumps(numbers(torch), indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size} byte")
