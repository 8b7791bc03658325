{{- define "labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- /* Connections that all web pods, the regular work and the job may need (config/postgres). */}}
{{- define "connections" -}}
{{- add (mul .Values.web.replicas .Values.web.workers (add .Values.web.threads 1)) 6 -}}
{{- end }}

{{- define "pod-security" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- /* A variable of the Secret: {{ include "from-secret" (list $ "NAME") }} */}}
{{- define "from-secret" -}}
- name: {{ index . 1 }}
  valueFrom: {secretKeyRef: {name: {{ (index . 0).Values.secret }}, key: {{ index . 1 }}}}
{{- end }}

{{- define "settings" -}}
- {name: SITE_URL, value: "https://{{ .Values.site }}"}
- {name: ALLOWED_HOSTS, value: "{{ .Values.site }},localhost"}
- {name: HTTPS, value: "1"}
- {name: TRUSTED_PROXIES, value: "{{ .Values.trustedProxies }}"}
- {name: BACKUP_DAYS, value: "{{ .Values.backups.days }}"}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{ include "from-secret" (list . "SECRET_KEY") }}
- name: EMAIL_HOST_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.secret }}, key: EMAIL_HOST_PASSWORD, optional: true}}
{{- end }}
