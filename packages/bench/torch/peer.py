"""PyTorch's part of the benchmark. Reads one JSON request a line, answers one JSON line; arrays are base64.

A piece of work is prepared under a number (`work`), then run, asked for its result and disposed by that number. All of it
runs on one thread: set OMP_NUM_THREADS=1 before the start.
"""

import base64
import json
import math
import re
import sys
import time

import torch

torch.set_num_threads(1)


def floats(text, *shape):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32).reshape(shape)


class Product:
    def __init__(self, request):
        rows, depth, columns = request["rows"], request["depth"], request["columns"]
        self.a = floats(request["a"], rows, depth)
        self.b = floats(request["b"], depth, columns)
        self.bias = floats(request["bias"], columns)

    @torch.inference_mode()
    def run(self, times):
        for _ in range(times):
            self.c = torch.relu_(torch.addmm(self.bias, self.a, self.b))

    def result(self):
        return self.c


class TrainingStep:
    def __init__(self, request):
        widths = request["widths"]
        layers = []
        for index, (fan_in, fan_out) in enumerate(zip(widths, widths[1:])):
            layer = torch.nn.Linear(fan_in, fan_out)
            with torch.no_grad():
                layer.weight.copy_(floats(request["weights"][index], fan_in, fan_out).t())
                layer.bias.copy_(floats(request["biases"][index], fan_out))
            layers.append(layer)
            if index < len(widths) - 2:
                layers.append(torch.nn.ReLU())
        self.net = torch.nn.Sequential(*layers)
        self.images = floats(request["images"], request["batch"], widths[0])
        self.labels = torch.tensor(list(base64.b64decode(request["labels"])))
        self.loss = torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=request["learningRate"])

    def run(self, times):
        for _ in range(times):
            self.optimizer.zero_grad(set_to_none=True)
            self.loss(self.net(self.images), self.labels).backward()
            self.optimizer.step()

    def result(self):
        parts = [p.detach().t().reshape(-1) if p.dim() == 2 else p.detach() for p in self.net.parameters()]
        return torch.cat(parts)


class Lengths:
    def __init__(self, request):
        self.depth, self.width, self.nets = request["depth"], request["width"], request["nets"]
        self.deviation = math.sqrt(2 / self.width)
        self.generator = torch.Generator().manual_seed(request["seed"])

    def result(self):
        return self.log_lengths


class LengthsLoop(Lengths):
    """Net by net, as a plain program has it."""

    @torch.inference_mode()
    def run(self, times):
        for _ in range(times):
            nets = [self.measure() for _ in range(self.nets)]
            self.log_lengths = torch.tensor([math.log(m[-1] / m[0]) if m[-1] > 0 else -math.inf for m in nets])

    def measure(self):
        x = torch.randn(self.width, generator=self.generator)
        squares = [x.square().mean()]
        for _ in range(self.depth):
            weights = torch.empty(self.width, self.width).normal_(0, self.deviation, generator=self.generator)
            x = torch.relu(weights @ x)
            squares.append(x.square().mean())
        return torch.stack(squares).tolist()


class LengthsBatched(Lengths):
    """All nets at once, layer by layer."""

    @torch.inference_mode()
    def run(self, times):
        for _ in range(times):
            x = torch.randn(self.nets, self.width, 1, generator=self.generator)
            squares = [x.square().mean(dim=(1, 2))]
            for _ in range(self.depth):
                weights = torch.empty(self.nets, self.width, self.width)
                weights.normal_(0, self.deviation, generator=self.generator)
                x = torch.relu(torch.bmm(weights, x))
                squares.append(x.square().mean(dim=(1, 2)))
            squares = torch.stack(squares)
            self.log_lengths = torch.log(squares[-1] / squares[0])


class Figure:
    """Figure 1, one trial after the other."""

    def __init__(self, request):
        self.request = request
        self.train = self.images(request["train"])
        self.test = self.images(request["test"])
        torch.manual_seed(request["seed"])

    @staticmethod
    def images(part):
        labels = torch.tensor(list(base64.b64decode(part["labels"])))
        return floats(part["images"], part["count"], part["features"]), labels

    @staticmethod
    def draw(law, weights, fan_in):
        variance = law["scale"] / fan_in
        if law["uniform"]:
            bound = math.sqrt(3 * variance)
            return weights.uniform_(-bound, bound)
        return weights.normal_(0, math.sqrt(variance))

    def run(self, times):
        request = self.request
        lengths, training = request["lengths"], request["training"]
        for _ in range(times):
            outcomes = []
            for law in request["laws"]:
                for depth in lengths["depths"]:
                    outcomes += [self.measure(law, depth) for _ in range(lengths["nets"])]
            for law in request["laws"]:
                for depth in training["depths"]:
                    outcomes += [self.learn(law, depth) for _ in range(training["runs"])]
            self.outcomes = torch.tensor(outcomes, dtype=torch.float64)

    @torch.inference_mode()
    def measure(self, law, depth):
        x = torch.randn(depth)
        squares = [x.square().mean()]
        for _ in range(depth):
            x = torch.relu(self.draw(law, torch.empty(depth, depth), depth) @ x)
            squares.append(x.square().mean())
        squares = torch.stack(squares).tolist()
        return math.log(squares[-1] / squares[0]) if squares[-1] > 0 else -math.inf

    def learn(self, law, depth):
        training = self.request["training"]
        images, labels = self.train
        widths = [images.shape[1], *[depth] * depth, self.request["classes"]]
        layers = []
        for fan_in, fan_out in zip(widths, widths[1:]):
            layer = torch.nn.Linear(fan_in, fan_out)
            with torch.no_grad():
                self.draw(law, layer.weight, fan_in)
                layer.bias.zero_()
            layers += [layer, torch.nn.ReLU()]
        net = torch.nn.Sequential(*layers[:-1])
        loss = torch.nn.CrossEntropyLoss()
        optimizer = torch.optim.SGD(net.parameters(), lr=training["learningRate"])
        for epoch in range(1, training["maxEpochs"] + 1):
            for batch in torch.randperm(len(images)).split(training["batch"]):
                optimizer.zero_grad(set_to_none=True)
                error = loss(net(images[batch]), labels[batch])
                if not math.isfinite(error.item()):
                    return epoch
                error.backward()
                optimizer.step()
            with torch.inference_mode():
                right = (net(self.test[0]).argmax(dim=1) == self.test[1]).float().mean().item()
            if right >= training["targetAccuracy"]:
                return epoch
        return training["maxEpochs"]

    def result(self):
        return self.outcomes


works = {
    "figure": Figure,
    "product": Product,
    "training_step": TrainingStep,
    "lengths_loop": LengthsLoop,
    "lengths_batched": LengthsBatched,
}
prepared = {}


def blas():
    """Where the matrix products come from: the BLAS library this process has loaded; empty when it is part of torch."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if re.search(r"(blas|blis|atlas|mkl_rt)[^/]*\.so", line)}
    except OSError:
        return ""
    names = [path.rsplit("/", 1)[1] for path in paths]
    # A file called libblas.so that is no link to something faster is the reference implementation.
    return next((name for name in sorted(names) if not name.startswith("libblas.")), names[0] if names else "")


def answer(request):
    method = request["method"]
    if method == "hello":
        torch.mm(torch.ones(2, 2), torch.ones(2, 2))
        return {"version": torch.__version__, "blas": blas()}
    if method == "run":
        work = prepared[request["work"]]
        start = time.perf_counter()
        work.run(request["times"])
        return {"seconds": time.perf_counter() - start}
    if method == "result":
        values = prepared[request["work"]].result().to(torch.float64).contiguous()
        return {"values": base64.b64encode(values.numpy().tobytes()).decode()}
    if method == "dispose":
        del prepared[request["work"]]
        return {}
    prepared[request["work"]] = works[method](request)
    return {}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # the other side must hear of it
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
