# npm's packages are only fetched here; Node itself is not in the final image.
FROM node:24.11.1-bookworm-slim@sha256:48abc13a19400ca3985071e287bd405a1d99306770eb81d61202fb6b65cf0b57 AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --include=optional

FROM python:3.13.9-slim-bookworm@sha256:b685a4fa58bb19d1814d78a1ec0f0208f351452724f78b20212c984d6e124a34
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY --from=packages /app/node_modules ./node_modules
COPY . .
# Neither the database nor the key is used; settings only want to see some.
RUN python -m compileall -q apps config \
 && python -m config.language.messages compile \
 && DATABASE_URL=postgresql:///unused SECRET_KEY=unused python manage.py collectstatic --no-input --verbosity=0 \
 && useradd --system --uid 1000 --no-create-home diary \
 && install --directory --owner=diary --mode=700 /backups
USER diary
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["python", "-m", "config.start.serve"]
