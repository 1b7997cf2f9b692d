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
      {{- if $values.redis }}
      # Among those of one version: in an update the earlier ones still count otherwise.
      matchLabelKeys: [pod-template-hash]
      {{- end }}
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
        {{- if $values.existingSecrets.authorities }}
        - { name: authorities, mountPath: /authorities, readOnly: true }
        {{- end }}
  volumes:
    - name: data
      emptyDir:
        sizeLimit: 256Mi
    - name: secrets
      secret:
        secretName: {{ $values.existingSecrets.platform }}
        # Kubernetes adds the group's right to read; the file stays root's.
        defaultMode: 0400
    {{- with $values.existingSecrets.authorities }}
    - name: authorities
      secret:
        secretName: {{ . }}
    {{- end }}
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
{{- $stored := list "MEYDAN_POSTGRES_URL" }}
{{- if $values.redis }}{{ $stored = append $stored "MEYDAN_REDIS_URL" }}{{ end }}
{{- if $values.existingSecrets.authorities }}{{ $_ := set $settings "MEYDAN_CA" "/authorities/ca.pem" }}{{ end }}
{{- with $values.kafka }}
{{- if .brokers }}
{{- $_ := set $settings "MEYDAN_KAFKA_BROKERS" .brokers }}
{{- $_ := set $settings "MEYDAN_KAFKA_TLS" (toString .tls) }}
{{- end }}
{{- if .sasl }}
{{- $_ := set $settings "MEYDAN_KAFKA_SASL" .sasl }}
{{- $stored = concat $stored (list "MEYDAN_KAFKA_USER" "MEYDAN_KAFKA_PASSWORD") }}
{{- end }}
{{- end }}
{{- if include "meydan.answers" . }}
{{- $_ := set $settings "MEYDAN_MESH_PORT" $values.ports.mesh }}
{{- $_ := set $settings "MEYDAN_MESH_URL" (printf "http://$(POD_IP):%v" $values.ports.mesh) }}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- end }}
{{- range $name, $value := merge (dict) (.workload.settings | default dict) $values.settings $settings }}
- name: {{ $name }}
  value: {{ toString $value | quote }}
{{- end }}
{{- range $stored }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $values.existingSecrets.stores }}
      key: {{ . }}
{{- end }}
{{- end }}
