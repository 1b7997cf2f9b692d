{{/* Labels that choose the pods of one workload: {root, name}. */}}
{{- define "meydan.selector" -}}
app.kubernetes.io/name: meydan
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "meydan.labels" -}}
{{ include "meydan.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* The name of a workload's objects: {root, name}. */}}
{{- define "meydan.name" -}}
{{ printf "%s-%s" .root.Release.Name .name | trunc 52 | trimSuffix "-" }}
{{- end }}

{{/* The workloads of the chosen placement, by name, as JSON. */}}
{{- define "meydan.workloads" -}}
{{- $chosen := dict }}
{{- range $name, $workload := .Values.workloads }}
{{- if eq $workload.placement $.Values.placement }}{{ $_ := set $chosen $name $workload }}{{ end }}
{{- end }}
{{- toJson $chosen }}
{{- end }}

{{/* The workload that players reach. */}}
{{- define "meydan.door" -}}
{{ eq .Values.placement "together" | ternary "all" "gateway" }}
{{- end }}

{{/* The services that a workload answers for, as a JSON list: {roles}. The service `rooms` lives where the rooms are. */}}
{{- define "meydan.services" -}}
{{- $services := list }}
{{- range regexSplit "[\\s;]+" .roles -1 }}
{{- if eq . "rooms" }}{{ $services = append $services "rooms" }}{{ end }}
{{- if hasPrefix "services:" . }}{{ $services = concat $services (splitList "," (trimPrefix "services:" .)) }}{{ end }}
{{- end }}
{{- toJson $services }}
{{- end }}

{{/* Not empty when other processes call this workload: {root, workload}. */}}
{{- define "meydan.answers" -}}
{{- if and (eq .root.Values.placement "apart") (include "meydan.services" .workload | fromJsonArray) }}yes{{ end }}
{{- end }}

{{/* MEYDAN_MESH of a workload: where the services of all others are. */}}
{{- define "meydan.mesh" -}}
{{- $root := .root }}
{{- $self := .name }}
{{- $entries := list }}
{{- range $name, $workload := include "meydan.workloads" $root | fromJson }}
{{- if ne $name $self }}
{{- range include "meydan.services" $workload | fromJsonArray }}
{{- $host := include "meydan.name" (dict "root" $root "name" $name) }}
{{- $entries = append $entries (printf "%s=http://%s:%v" . $host $root.Values.ports.mesh) }}
{{- end }}
{{- end }}
{{- end }}
{{- join "," $entries }}
{{- end }}
