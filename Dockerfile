# privacy-rules in a container: docker run --rm --volume "$PWD:/project" privacy-rules check
# Reports go into the mounted folder if the user may write there: add --user "$(id -u):$(id -g)".
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY . .
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && python -m venv /opt/privacy-rules \
 && /opt/privacy-rules/bin/python -m pip install --no-cache-dir /wheels/*.whl

FROM python:${PYTHON}-slim
# git, for --since; the mounted folder belongs to another user than ours, which git wants to be told.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && git config --system --add safe.directory /project \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin checker
COPY --from=build /opt/privacy-rules /opt/privacy-rules
ENV PATH="/opt/privacy-rules/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /project
ENTRYPOINT ["privacy-rules"]
