{{/* The pod of a workload: {root, name, workload}. */}}
{{- define "meydan.pod" -}}
{{- $values := .root.Values }}
metadata:
  labels:
    {{- include "meydan.labels" . | nindent 4 }}
spec:
  automountServiceAccountToken: false
  # Kubernetes would set MEYDAN_…_PORT for each Service of a release called meydan; the platform refuses settings it does not know.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ add $values.termination.sleepSeconds $values.termination.drainSeconds $values.termination.spareSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    seccompProfile:
      type: RuntimeDefault
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "meydan.selector" . | nindent 10 }}
  containers:
    - name: meydan
      image: {{ printf "%s:%s" $values.image.repository ($values.image.tag | default .root.Chart.AppVersion) }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      env:
        {{- include "meydan.environment" . | trim | nindent 8 }}
      ports:
        - name: http
          containerPort: {{ $values.ports.http }}
        {{- if include "meydan.answers" . }}
        - name: mesh
          containerPort: {{ $values.ports.mesh }}
        {{- end }}
      # Migrations run at the first start, under one lock for all.
      startupProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 2
        failureThreshold: 60
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      # Asks nobody: a database that is away restarts no process.
      livenessProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      lifecycle:
        preStop:
          sleep:
            seconds: {{ $values.termination.sleepSeconds }}
      resources:
        {{- toYaml .workload.resources | nindent 8 }}
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: secrets, mountPath: /secrets, readOnly: true }
  volumes:
    - name: data
      emptyDir:
        sizeLimit: 256Mi
    - name: secrets
      secret:
        secretName: {{ $values.existingSecrets.platform }}
        # Kubernetes adds the group's right to read; the file stays root's.
        defaultMode: 0400
{{- end }}

{{- define "meydan.environment" -}}
{{- $values := .root.Values }}
{{- $settings := dict
  "MEYDAN_ENV" $values.env
  "MEYDAN_REGION" $values.region
  "MEYDAN_HOST" "0.0.0.0"
  "MEYDAN_PORT" $values.ports.http
  "MEYDAN_DATA" "/data"
  "MEYDAN_SECRETS" "/secrets/secrets.json"
  "MEYDAN_ROLES" .workload.roles
  "MEYDAN_TRUST_PROXY" (toString $values.ingress.enabled)
  "MEYDAN_DRAIN_MS" (mul 1000 $values.termination.drainSeconds)
}}
{{- with include "meydan.mesh" . }}{{ $_ := set $settings "MEYDAN_MESH" . }}{{ end }}
{{- if include "meydan.answers" . }}{{ $_ := set $settings "MEYDAN_MESH_PORT" $values.ports.mesh }}{{ end }}
{{- with $values.kafkaBrokers }}{{ $_ := set $settings "MEYDAN_KAFKA_BROKERS" . }}{{ end }}
{{- range $name, $value := merge (dict) (.workload.settings | default dict) $values.settings $settings }}
- name: {{ $name }}
  value: {{ toString $value | quote }}
{{- end }}
- name: MEYDAN_NODE
  valueFrom:
    fieldRef:
      fieldPath: metadata.labels['apps.kubernetes.io/pod-index']
{{- range $values.redis | ternary (list "MEYDAN_POSTGRES_URL" "MEYDAN_REDIS_URL") (list "MEYDAN_POSTGRES_URL") }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $values.existingSecrets.stores }}
      key: {{ . }}
{{- end }}
{{- end }}
